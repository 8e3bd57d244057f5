import { randomUUID } from 'node:crypto';

import { createRotationPorts } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { systemClock } from '../aws/system-clock';
import { rotate, type RotationResult } from '../core/rotate';
import { functionEventSchema } from '../core/rotation-event';
import { rotateEnvSchema } from './env';
import { parseEvent } from './parse-event';
import { stableKeyOf } from './stable-key';

const env = rotateEnvSchema.parse(process.env);
const aws = createRotationPorts(env.TABLE_NAME);

/** Invoked by Secrets Manager for the four steps of a rotation, and by Terraform for the first key and the guard. */
export async function handler(input: unknown): Promise<RotationResult> {
  const event = parseEvent(functionEventSchema, input);
  const stableKey = stableKeyOf(event.SecretId, env.SECRET_NAME_PREFIX, env.STABLE_KEY);
  const log = createLog({
    user: stableKey,
    secret: event.SecretId,
    step: event.Step,
    token: 'ClientRequestToken' in event ? event.ClientRequestToken : undefined,
  });
  try {
    return await rotate({ ...aws, clock: systemClock, newHolder: randomUUID, log }, stableKey, event);
  } catch (error) {
    log.error('the step failed', { error });
    throw error;
  }
}
