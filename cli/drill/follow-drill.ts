import { logGroupName, notificationQueueName, respondFunctionName } from '../../contract/names';
import { MINUTE, SECOND, type Milliseconds } from '../../contract/instant';
import { describeUndelivered, isDelivered, readDeliveries } from '../../handlers/core/key-moves/deliveries';
import { explainErrorInSentence } from '../explain-error';
import { present } from '../present';
import type { Stack } from '../stack';
import type { DrillDocument } from './drill-document';
import type { DrillPlan } from './plan-drill';
import type { DrillBegun } from './put-drill';

const BETWEEN_LOOKS = SECOND / 2;

export interface FollowOptions {
  /** How long to wait for the end. 0: not at all. */
  readonly wait: Milliseconds;
  /** Is told of each step, as it is seen. */
  readonly onStep: (what: string, after: Milliseconds) => void;
}

type Seconds = DrillDocument['seconds'];

/** Looks at what a drill brings until its end, in IAM, the labels of the secret, and the journals. Nothing is changed. */
export async function followDrill(
  stack: Stack,
  plan: DrillPlan,
  begun: DrillBegun,
  { wait, onStep }: FollowOptions,
): Promise<DrillDocument> {
  const { clock, prefix, region } = stack;
  const { leakedKeyId, settings, targets } = plan;
  const seen = new Follower(stack, plan, (what) => {
    const after = clock.now() - begun.at;
    onStep(what, after);
    return after / SECOND;
  });
  const documentWith = (outcome: DrillDocument['outcome'], why?: string): DrillDocument =>
    present<DrillDocument>({
      ...{ version: 1, stack: prefix, region, user: settings.stableKey, outcome, why, leakedKeyId },
      ...{ eventId: begun.eventId, eventRegion: begun.eventRegion, at: new Date(begun.at).toISOString() },
      ...{ currentKeyId: seen.currentKeyId, targets: [...targets], seconds: seen.seconds },
    });
  for (let failure: string | undefined; ;) {
    const isLast = clock.now() - begun.at >= wait;
    let failed: string | undefined;
    try {
      if (await seen.look()) return documentWith('done');
    } catch (error) {
      // What was begun goes on meanwhile, and the next look may succeed.
      failed = explainErrorInSentence(error);
      if (failed !== failure && !isLast)
        onStep(`it cannot be looked at now, and is looked at again: ${failed}`, clock.now() - begun.at);
    }
    failure = failed;
    if (isLast)
      return documentWith('notFinished', whyNotFinished(stack, begun, wait, failure ?? seen.missing()));
    await clock.sleep(BETWEEN_LOOKS);
  }
}

/** What was not seen, and where to look for the reason. */
function whyNotFinished(
  { prefix, region }: Pick<Stack, 'prefix' | 'region'>,
  { eventId, eventRegion }: DrillBegun,
  wait: Milliseconds,
  missing: string,
): string {
  const waited =
    wait === 0 ? 'It was not waited for.' : `${Number((wait / MINUTE).toFixed(2))} min were waited.`;
  const rules =
    eventRegion === region ? `the rules of ${region}` : `the rules of ${eventRegion} and ${region}`;
  return (
    `${missing} ${waited} What began goes on by itself. If it does not: look in the log group ` +
    `${logGroupName(respondFunctionName(prefix))} for ${eventId}; where it has nothing, at ${rules} whose names begin with ` +
    `${prefix}-; and in the queue ${notificationQueueName(prefix)} for what failed.`
  );
}

class Follower {
  readonly #seconds: { -readonly [Name in keyof Seconds]: Seconds[Name] } = {};
  currentKeyId: string | undefined;
  #undelivered: readonly string[] | undefined;

  /** @param onStep returns how many seconds after the event it is */
  constructor(
    private readonly stack: Pick<Stack, 'ports'>,
    private readonly plan: DrillPlan,
    private readonly onStep: (what: string) => number,
  ) {}

  get seconds(): Seconds {
    return { ...this.#seconds };
  }

  /** @returns whether everything has been seen */
  async look(): Promise<boolean> {
    await this.#lookAtDelivery();
    await this.#lookAtLeakedKey();
    const { untilInactive, untilCurrent, untilDelivered } = this.#seconds;
    const isDone = untilDelivered !== undefined || this.plan.targets.length === 0;
    return untilInactive !== undefined && untilCurrent !== undefined && isDone;
  }

  /** What has not been seen, in a sentence. */
  missing(): string {
    const { untilInactive, untilCurrent } = this.#seconds;
    const { leakedKeyId } = this.plan;
    const missing = [
      ...(untilInactive === undefined ? [`${leakedKeyId} is Active`] : []),
      ...(untilCurrent === undefined ? [`${leakedKeyId} is the current key`] : []),
      ...(this.#undelivered ?? []).map((target) => `the current key has not reached ${target}`),
    ];
    return `Not seen yet: an end of this: ${missing.join('; ')}.`;
  }

  async #lookAtLeakedKey(): Promise<void> {
    if (this.#seconds.untilInactive !== undefined) return;
    const { leakedKeyId, settings } = this.plan;
    const key = (await this.stack.ports.keys.list(settings.userName)).find(({ id }) => id === leakedKeyId);
    if (key?.status === 'Active') return;
    this.#seconds.untilInactive = this.onStep(`${leakedKeyId} is ${key === undefined ? 'gone' : 'Inactive'}`);
  }

  /** The journal says what is current before the label is there: both count. */
  async #lookAtDelivery(): Promise<void> {
    const { leakedKeyId, settings } = this.plan;
    const { ports } = this.stack;
    const current = (await ports.journals.read(settings.stableKey)).journal?.current;
    if (current === undefined || current.keyId === leakedKeyId) return;
    if (this.#seconds.untilCurrent === undefined) {
      const { labels } = await ports.secrets.describe(settings.secretArn);
      if (labels.AWSCURRENT !== current.versionId) return;
      this.currentKeyId = current.keyId;
      this.#seconds.untilCurrent = this.onStep(`${current.keyId} is current`);
    }
    const { deliver = [] } = settings;
    if (deliver.length === 0 || this.#seconds.untilDelivered !== undefined) return;
    const deliveries = await readDeliveries(ports, settings);
    this.#undelivered = deliver
      .filter((target) => !isDelivered(target, current, settings, deliveries))
      .map((target) => describeUndelivered(target, deliveries));
    if (this.#undelivered.length > 0) return;
    this.#seconds.untilDelivered = this.onStep(`it is delivered to ${this.plan.targets.join(', ')}`);
  }
}
