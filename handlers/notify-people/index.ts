import { closeKeptConnections, createNotificationPorts } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { systemClock } from '../aws/system-clock';
import { notify, type Notified } from '../core/notifications/notify';
import { notifyEnvSchema } from '../../contract/env/notify';
import { IN_ENGLISH } from '../../contract/schema-parts';

const env = notifyEnvSchema.parse(process.env, IN_ENGLISH);
const aws = createNotificationPorts(env.TABLE_NAME, env.TOPIC_ARNS);
const place = {
  accountId: env.ACCOUNT_ID,
  stack: env.STACK,
  secretPrefix: env.SECRET_NAME_PREFIX,
  sharded: env.SHARDED === 'true',
  runbookUrl: env.RUNBOOK_URL,
  format: env.FORMAT,
};

/** Invoked by EventBridge with one event. What fails, Lambda tries twice again and then puts into a queue. */
export async function handler(event: unknown): Promise<readonly Notified[]> {
  closeKeptConnections();
  const log = createLog({ event: idOf(event) });
  try {
    return await notify({ ...aws, clock: systemClock, log }, place, event);
  } catch (error) {
    log.error('people may not have been told of this event', { error });
    throw error;
  }
}

/** The event's own id: deliveries of one event have it in common. */
const idOf = (event: unknown): string | undefined =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string'
    ? event.id
    : undefined;
