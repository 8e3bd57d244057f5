import { randomUUID } from 'node:crypto';

import { closeKeptConnections, createLifecycle, createRotationPorts } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { PowertoolsMetrics } from '../aws/powertools-metrics';
import { systemClock } from '../aws/system-clock';
import { withoutStack } from '../core/model/explain';
import type { Log } from '../core/model/ports';
import { rotate, type RotationResult } from '../core/rotation/rotate';
import { functionEventSchema } from '../../contract/function-events';
import { rotateEnvSchema } from '../../contract/env/rotate';
import { parseEvent } from './parse-event';
import { stableKeyOf } from './stable-key';
import { IN_ENGLISH } from '../../contract/schema-parts';

const env = rotateEnvSchema.parse(process.env, IN_ENGLISH);
const aws = createRotationPorts(env.TABLE_NAME);
const lifecycleLoggingTo = createLifecycle(env.STACK);

/**
 * Secrets Manager invokes it for the four steps of a rotation, Terraform for the first key and for the removal guard.
 * It logs every failure, because Secrets Manager shows the text of an error nowhere.
 */
export async function handler(input: unknown): Promise<RotationResult> {
  closeKeptConnections();
  let log: Log | undefined;
  const metrics = new PowertoolsMetrics(env.STACK);
  try {
    const event = parseEvent(functionEventSchema, input);
    const stableKey = stableKeyOf(event.SecretId, env.SECRET_NAME_PREFIX, env.STABLE_KEY);
    log = createLog({
      user: stableKey,
      secret: event.SecretId,
      step: event.Step,
      token: 'ClientRequestToken' in event ? event.ClientRequestToken : undefined,
    });
    const lifecycle = lifecycleLoggingTo(log);
    const ports = { ...aws, clock: systemClock, newHolder: randomUUID, log, lifecycle, metrics };
    try {
      return await rotate(ports, stableKey, event);
    } finally {
      await lifecycle.flush();
    }
  } catch (error) {
    (log ?? createLog({})).error('the step failed', { error });
    throw withoutStack(error);
  } finally {
    metrics.publish();
  }
}
