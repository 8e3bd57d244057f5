import { randomUUID } from 'node:crypto';

import { createRotationPorts } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { systemClock } from '../aws/system-clock';
import { withoutStack } from '../core/explain';
import { rotate, type RotationResult } from '../core/rotate';
import { functionEventSchema } from '../core/rotation-event';
import { rotateEnvSchema } from './env';
import { parseEvent } from './parse-event';
import { stableKeyOf } from './stable-key';

const env = rotateEnvSchema.parse(process.env);
const aws = createRotationPorts(env.TABLE_NAME);

/**
 * Invoked by Secrets Manager for the four steps of a rotation, and by Terraform for the first key and the guard.
 * Whatever fails is logged: Secrets Manager shows nobody the text of an error.
 */
export async function handler(input: unknown): Promise<RotationResult> {
  let log = createLog({});
  try {
    const event = parseEvent(functionEventSchema, input);
    const stableKey = stableKeyOf(event.SecretId, env.SECRET_NAME_PREFIX, env.STABLE_KEY);
    log = createLog({
      user: stableKey,
      secret: event.SecretId,
      step: event.Step,
      token: 'ClientRequestToken' in event ? event.ClientRequestToken : undefined,
    });
    return await rotate({ ...aws, clock: systemClock, newHolder: randomUUID, log }, stableKey, event);
  } catch (error) {
    log.error('the step failed', { error });
    throw withoutStack(error);
  }
}
