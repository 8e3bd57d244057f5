import { silenceNodeVersionWarning } from '../../../handlers/aws/sdk-node-version';
import { CALL_HISTORY, startLocalAws } from '../../../sandbox/local-aws';
import type { ServiceEvent } from '../../../sandbox/secrets-manager/rotation-events';
import { answerParent } from './answer-parent';

/** The local AWS as a process of its own, with the history that AWS keeps. */
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  const aws = await startLocalAws({
    historyMs: CALL_HISTORY,
    // So many that processes of functions stay for as long as the run takes: what leaks in them is seen.
    concurrency: 24,
    accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    rollouts: { takesSeconds: 1 },
  });
  let told: ServiceEvent | undefined;
  answerParent({
    variables: () => aws.environment,
    client: () => aws.clientConfig(),
    /** What Secrets Manager has reported since it was asked last, once nothing is under way any more. */
    reports: async () => {
      await aws.rotationsSettled();
      await aws.eventsDelivered();
      const events = aws.events();
      const since = told === undefined ? events : events.slice(events.lastIndexOf(told) + 1);
      told = events.at(-1) ?? told;
      return since.map(({ eventName }) => eventName);
    },
    errors: (functions: readonly string[]) =>
      Object.fromEntries(functions.map((name) => [name, aws.functionErrors(name)])),
    log: (name: string) => aws.functionLogs(name).slice(-20_000),
    letPass: (ms: number) => {
      aws.clockShiftMs += ms;
    },
    stop: () => aws.stop(),
  });
}

void main();
