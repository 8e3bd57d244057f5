import { randomUUID } from 'node:crypto';

import type { Context } from 'aws-lambda';

import { MINUTE } from '../../contract/instant';
import { deliverEnvSchema } from '../../contract/env/deliver';
import { closeKeptConnections, createDeliveryPorts, createLifecycle } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { PowertoolsMetrics } from '../aws/powertools-metrics';
import { systemClock } from '../aws/system-clock';
import { deliverAll, type DeliverySummary } from '../core/delivery/deliver-all';
import { deliverUser, type DeliveryOutcome } from '../core/delivery/deliver-user';
import { withoutStack } from '../core/model/explain';
import { createOutsidePorts } from '../outside/outside-ports';
import { parseInput } from './parse-input';
import { IN_ENGLISH } from '../../contract/schema-parts';

const env = deliverEnvSchema.parse(process.env, IN_ENGLISH);
const aws = createDeliveryPorts(env.TABLE_NAME);
const outside = createOutsidePorts();
const lifecycleLoggingTo = createLifecycle(env.STACK);

/** The longest that one user takes: the wait for a lease and for a promotion, and some targets. No user is begun with less. */
const LONGEST_USER = 5 * MINUTE;

type Delivered = DeliverySummary | DeliveryOutcome | { readonly ignored: string };

/** EventBridge invokes it with an event after which another key may be current, Scheduler each hour for all users. */
export async function handler(input: unknown, context: Context): Promise<Delivered> {
  closeKeptConnections();
  const log = createLog({ run: context.awsRequestId });
  const metrics = new PowertoolsMetrics(env.STACK);
  const lifecycle = lifecycleLoggingTo(log);
  const ports = { ...aws, ...outside, clock: systemClock, newHolder: randomUUID, log, lifecycle, metrics };
  try {
    const wanted = parseInput(input, env.SECRET_NAME_PREFIX);
    if (wanted === 'all') {
      const stopAt = systemClock.now() + context.getRemainingTimeInMillis() - LONGEST_USER;
      const summary = await deliverAll(ports, { concurrency: 8, stopAt });
      log.info('the run is over', { ...summary });
      return summary;
    }
    const settings = wanted.user === undefined ? undefined : await aws.settings.read(wanted.user);
    // Shards of a stack, and stacks whose prefix begins alike, hear of one another's secrets.
    if (settings === undefined) {
      log.info('the event is about no user of this stack', { user: wanted.user });
      return { ignored: 'no user of this stack' };
    }
    return await deliverUser(ports, settings);
  } catch (error) {
    log.error('the current key may not have reached its targets', { error });
    throw withoutStack(error);
  } finally {
    await lifecycle.flush();
    metrics.publish();
  }
}
