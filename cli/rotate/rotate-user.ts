import { MINUTE, SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import { functionNameIn } from '../../contract/names';
import type { Settings } from '../../contract/settings';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import type { Journal } from '../../handlers/core/model/journal';
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

/** Until then AWSPENDING may not yet be on the version of a rotation that was just asked for. */
const PENDING_SHOWS = 5 * SECOND;

export interface RotateOptions {
  /** How long to wait for the end. 0: not at all. */
  readonly wait: Milliseconds;
  /** Is told of each step, as it is seen. */
  readonly onStep: (user: string, what: string, after: Milliseconds) => void;
}

type End = Omit<Partial<RotationResult>, 'user' | 'steps'> & Pick<RotationResult, 'outcome'>;

/**
 * Has Secrets Manager rotate a user's secret, and follows it in the user's journal. Nothing is done by this machine. It never
 * fails: what AWS refuses is an outcome.
 */
export async function rotateUser(
  stack: Stack,
  { stableKey: user, settings }: TableEntry,
  options: RotateOptions,
): Promise<RotationResult> {
  const { clock } = stack;
  const askedAt = clock.now();
  const steps: RotationResult['steps'] = [];
  const onStep = (what: string): void => {
    const at = clock.now();
    steps.push({ at: new Date(at).toISOString(), what });
    options.onStep(user, what, at - askedAt);
  };
  const end = await endOf(stack, settings, { askedAt, onStep, wait: options.wait }).catch(
    (error: unknown): End => {
      const isRefused = steps.length === 0 && error instanceof CallRefusedError;
      const why = error instanceof Error ? error.message : String(error);
      return { outcome: isRefused ? 'notStarted' : 'unknown', why };
    },
  );
  const none = { why: undefined, versionId: undefined, keyId: undefined, replacedKeyId: undefined };
  return present<RotationResult>({ ...none, ...end, user, steps });
}

interface Asked {
  readonly askedAt: Instant;
  readonly wait: Milliseconds;
  readonly onStep: (what: string) => void;
}

async function endOf(stack: Stack, settings: Settings | Error, asked: Asked): Promise<End> {
  const { ports } = stack;
  if (settings instanceof Error) return { outcome: 'notStarted', why: settings.message };
  const exemption = exemptionInForce(settings, asked.askedAt);
  if (exemption !== undefined) {
    const until = new Date(exemption.until).toISOString();
    const why = `The configuration exempts it until ${until}: ${exemption.reason}. To rotate it sooner, take \`exemption\` out and apply.`;
    return { outcome: 'notStarted', why };
  }
  const { journal: before } = await ports.journals.read(settings.stableKey);
  const token = await ports.rotations.request(settings.secretArn);
  asked.onStep('Secrets Manager was asked for a rotation');
  if (token === undefined) {
    const why = 'Secrets Manager did not say which version it makes, so it cannot be followed. See `status`.';
    return { outcome: 'notFinished', why };
  }
  return follow(stack, settings, { ...asked, token, before });
}

interface Followed extends Asked {
  /** The id of the version that the rotation makes. */
  readonly token: string;
  /** The journal as it was before. */
  readonly before: Journal | undefined;
}

async function follow(stack: Stack, settings: Settings, rotation: Followed): Promise<End> {
  const { ports, clock } = stack;
  const { stableKey: user, secretArn } = settings;
  const { askedAt, wait, token, before, onStep } = rotation;
  const replacedKeyId = before?.current?.keyId;
  let [seen, nextLookAtLog] = [0, askedAt + BETWEEN_LOOKS_AT_LOG];
  for (;;) {
    const shown = whatTheJournalShows((await ports.journals.read(user)).journal, rotation);
    for (const what of shown.steps.slice(seen)) onStep(what);
    seen = Math.max(seen, shown.steps.length);
    const known = {
      versionId: token,
      ...(replacedKeyId === undefined ? {} : { replacedKeyId }),
      ...(shown.keyId === undefined ? {} : { keyId: shown.keyId }),
    };
    if (shown.state === 'isCurrent') return { outcome: 'rotated', ...known };
    const now = clock.now();
    const isGivenUp =
      shown.state === 'mayBeDeferred' &&
      now - askedAt >= PENDING_SHOWS &&
      (await ports.secrets.describe(secretArn)).labels.AWSPENDING !== token;
    if (shown.state === 'isDeferred' || isGivenUp) {
      const why = `It waits and is made by itself later: ${shown.why ?? ''}.`;
      return { outcome: 'deferred', ...known, why };
    }
    const isLast = now - askedAt >= wait;
    if (wait > 0 && (isLast || now >= nextLookAtLog)) {
      nextLookAtLog = now + BETWEEN_LOOKS_AT_LOG;
      const { rotationFunctionArn } = await ports.secrets.describe(secretArn);
      const why = await readFailedStep(stack, functionNameIn(rotationFunctionArn), rotation);
      if (why !== undefined) return { outcome: 'failed', ...known, why };
    }
    if (isLast) {
      const minutes = Math.round(wait / MINUTE);
      const why = `It goes on by itself${wait > 0 ? `; ${minutes} min were waited` : ''}. See \`status ${user}\`.`;
      return { outcome: 'notFinished', ...known, why };
    }
    await clock.sleep(BETWEEN_LOOKS);
  }
}
