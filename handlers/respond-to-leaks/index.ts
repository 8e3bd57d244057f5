import { respondEnvSchema } from '../../contract/env/respond';
import { functionName, sharedFunctionName } from '../../contract/names';
import { closeKeptConnections, createLifecycle, createRespondPorts } from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { systemClock } from '../aws/system-clock';
import { respond, type Responded } from '../core/leaks/respond';
import { withoutStack } from '../core/model/explain';
import { parseReport } from './parse-report';
import { IN_ENGLISH } from '../../contract/schema-parts';

const env = respondEnvSchema.parse(process.env, IN_ENGLISH);
const aws = createRespondPorts(env.TABLE_NAME, (stableKey) =>
  env.FUNCTIONS === 'shared' ? sharedFunctionName(env.STACK) : functionName(env.STACK, stableKey),
);
const lifecycleLoggingTo = createLifecycle(env.STACK);

/** EventBridge invokes it with AWS's report of a leaked key, or with a drill. What fails, Lambda tries twice again. */
export async function handler(event: unknown): Promise<readonly Responded[]> {
  closeKeptConnections();
  let log = createLog({});
  try {
    const report = parseReport(event, { accountId: env.ACCOUNT_ID, stack: env.STACK }, systemClock.now());
    log = createLog({ report: report.id, code: report.code });
    const responded = await respond(
      { ...aws, clock: systemClock, log, lifecycle: lifecycleLoggingTo(log) },
      report,
      env.DRILL_USER,
    );
    log.info('the report was answered', { responded });
    return responded;
  } catch (error) {
    log.error('a leaked key may not have been replaced', { error });
    throw withoutStack(error);
  }
}
