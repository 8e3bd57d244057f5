import { MINUTE, SECOND, type Milliseconds } from '../../contract/instant';
import { functionNameIn } from '../../contract/names';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import { exemptionInForce } from '../../handlers/core/key-moves/exemption';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { present } from '../present';
import type { Stack } from '../stack';
import { readFailedStep } from './failed-steps';
import type { RotationResult } from './rotation-document';
import { whatTheJournalShows } from './what-the-journal-shows';

const BETWEEN_LOOKS = 1 * SECOND;

/** The log is read less often: it arrives late, and CloudWatch allows few such calls a second. */
const BETWEEN_LOOKS_AT_LOG = 10 * SECOND;

export interface RotateOptions {
  /** How long to wait for the end. 0: not at all. */
  readonly wait: Milliseconds;
  /** Is told of each step, as it is seen. */
  readonly onStep: (user: string, what: string, after: Milliseconds) => void;
}

/** Has Secrets Manager rotate a user's secret, and follows it in the user's journal. Nothing is done by this machine. */
export async function rotateUser(
  stack: Stack,
  { stableKey: user, settings }: TableEntry,
  { wait, onStep }: RotateOptions,
): Promise<RotationResult> {
  const { ports, clock } = stack;
  const askedAt = clock.now();
  const steps: RotationResult['steps'] = [];
  const result = (outcome: RotationResult['outcome'], rest: Partial<RotationResult> = {}): RotationResult =>
    present<RotationResult>({
      ...{ why: undefined, versionId: undefined, keyId: undefined, replacedKeyId: undefined },
      ...{ user, outcome, steps },
      ...rest,
    });
  const step = (what: string): void => {
    const at = clock.now();
    steps.push({ at: new Date(at).toISOString(), what });
    onStep(user, what, at - askedAt);
  };
  if (settings instanceof Error) return result('notStarted', { why: settings.message });
  const exemption = exemptionInForce(settings, askedAt);
  if (exemption !== undefined) {
    const until = new Date(exemption.until).toISOString();
    const why = `The configuration exempts it until ${until}: ${exemption.reason}. To rotate it sooner, take \`exemption\` out and apply.`;
    return result('notStarted', { why });
  }
  const { journal: before } = await ports.journals.read(user);
  let token: string | undefined;
  try {
    token = await ports.rotations.request(settings.secretArn);
  } catch (error) {
    if (!(error instanceof CallRefusedError)) throw error;
    return result('notStarted', { why: error.message });
  }
  step('Secrets Manager was asked for a rotation');
  if (token === undefined) {
    const why = 'Secrets Manager did not say which version it makes, so it cannot be followed. See `status`.';
    return result('notFinished', { why });
  }
  const rotation = { token, askedAt };
  const found = { versionId: token, replacedKeyId: before?.current?.keyId };
  let [seen, nextLookAtLog] = [0, askedAt + BETWEEN_LOOKS_AT_LOG];
  let rotationFunction: string | undefined;
  for (;;) {
    const shown = whatTheJournalShows((await ports.journals.read(user)).journal, rotation);
    for (const what of shown.steps.slice(seen)) step(what);
    seen = Math.max(seen, shown.steps.length);
    const soFar = { ...found, ...(shown.keyId === undefined ? {} : { keyId: shown.keyId }) };
    if (shown.state === 'isCurrent') return result('rotated', soFar);
    if (shown.state === 'isDeferred') {
      const why = `It waits and is made by itself later: ${shown.why ?? ''}.`;
      return result('deferred', { ...soFar, why });
    }
    const now = clock.now();
    const isLast = now - askedAt >= wait;
    if (wait > 0 && (isLast || now >= nextLookAtLog)) {
      nextLookAtLog = now + BETWEEN_LOOKS_AT_LOG;
      rotationFunction ??= functionNameIn(
        (await ports.secrets.describe(settings.secretArn)).rotationFunctionArn,
      );
      const why = await readFailedStep(stack, rotationFunction, rotation);
      if (why !== undefined) return result('failed', { ...soFar, why });
    }
    if (isLast) {
      const minutes = Math.round(wait / MINUTE);
      const why = `It goes on by itself${wait > 0 ? `; ${minutes} min were waited` : ''}. See \`status ${user}\`.`;
      return result('notFinished', { ...soFar, why });
    }
    await clock.sleep(BETWEEN_LOOKS);
  }
}
