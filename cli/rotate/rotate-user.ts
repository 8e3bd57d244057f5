import { MINUTE, SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import { functionNameIn } from '../../contract/names';
import type { Settings } from '../../contract/settings';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import type { Journal } from '../../handlers/core/model/journal';
import { exemptionInForce } from '../../handlers/core/key-moves/exemption';
import { describeSecret } from '../../handlers/core/key-moves/key-work';
import { whyUnreadable } from '../../handlers/core/key-moves/readability';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { whyDetached } from '../../handlers/core/retirement/rotation-obstacle';
import { explainErrorInSentence } from '../explain-error';
import { present } from '../present';
import type { Stack } from '../stack';
import type { ReadFailedStep } from './failed-steps';
import type { RotationResult } from './rotation-document';
import { type RotationProgress, whatTheJournalShows } from './what-the-journal-shows';

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
  readonly readFailedStep: ReadFailedStep;
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
  const end = await endOf(stack, settings, { ...options, askedAt, onStep });
  const none = { why: undefined, versionId: undefined, keyId: undefined, replacedKeyId: undefined };
  return present<RotationResult>({ ...none, ...end, user, steps });
}

interface Asked extends Pick<RotateOptions, 'wait' | 'readFailedStep'> {
  readonly askedAt: Instant;
  readonly onStep: (what: string) => void;
}

async function endOf(stack: Stack, settings: Settings | Error, asked: Asked): Promise<End> {
  const { ports } = stack;
  if (settings instanceof Error) return { outcome: 'notStarted', why: settings.message };
  let before: Journal | undefined;
  try {
    const why = await whyNotAsked(stack, settings, asked.askedAt);
    if (why !== undefined) return { outcome: 'notStarted', why };
    ({ journal: before } = await ports.journals.read(settings.stableKey));
  } catch (error) {
    return { outcome: 'notStarted', why: explainErrorInSentence(error) };
  }
  let token: string | undefined;
  try {
    token = await ports.rotations.request(settings.secretArn);
  } catch (error) {
    const outcome = error instanceof CallRefusedError ? 'notStarted' : 'unknown';
    return { outcome, why: explainErrorInSentence(error) };
  }
  asked.onStep('Secrets Manager was asked for a rotation');
  if (token === undefined) {
    const why = 'Secrets Manager did not say which version it makes, so it cannot be followed. See `status`.';
    return { outcome: 'notFinished', why };
  }
  return follow(stack, settings, { ...asked, token, before });
}

/** Why Secrets Manager is not asked for a rotation, in sentences. A request would switch on again what a person switched off. */
async function whyNotAsked(
  { ports, prefix }: Stack,
  settings: Settings,
  now: Instant,
): Promise<string | undefined> {
  const exemption = exemptionInForce(settings, now);
  if (exemption !== undefined) {
    const until = new Date(exemption.until).toISOString();
    return `The configuration exempts it until ${until}: ${exemption.reason}. To rotate it sooner, take \`exemption\` out and apply.`;
  }
  const secret = await describeSecret({ ports, settings });
  const deleted = whyUnreadable(secret, now).find(({ cause }) => cause === 'secretDeleted');
  return deleted?.what ?? whyDetached(secret, settings, prefix);
}

interface Followed extends Asked {
  /** The id of the version that the rotation makes. */
  readonly token: string;
  /** The journal as it was before. */
  readonly before: Journal | undefined;
}

/** What is known of a rotation under way. */
type Known = Pick<RotationResult, 'versionId' | 'keyId' | 'replacedKeyId'>;

async function follow(stack: Stack, settings: Settings, rotation: Followed): Promise<End> {
  const { clock } = stack;
  const { askedAt, wait, token, before, onStep } = rotation;
  const replacedKeyId = before?.current?.keyId;
  let seen = 0;
  let known: Known = {
    versionId: token,
    ...(replacedKeyId === undefined ? {} : { replacedKeyId }),
  };
  const log = new LogInTurn(rotation);
  for (let failure: string | undefined; ;) {
    const isLast = clock.now() - askedAt >= wait;
    let failed: string | undefined;
    try {
      const shown = whatTheJournalShows(
        (await stack.ports.journals.read(settings.stableKey)).journal,
        rotation,
      );
      for (const what of shown.steps.slice(seen)) onStep(what);
      seen = Math.max(seen, shown.steps.length);
      if (shown.keyId !== undefined) known = { ...known, keyId: shown.keyId };
      if (shown.state === 'isCurrent') return { outcome: 'rotated', ...known };
      if (await isDeferred(stack, settings, shown, rotation)) {
        const why = `It waits and is made by itself later: ${shown.why ?? ''}.`;
        return { outcome: 'deferred', ...known, why };
      }
      const why = wait > 0 ? await log.failedStep(stack, settings, isLast) : undefined;
      if (why !== undefined) return { outcome: 'failed', ...known, why };
    } catch (error) {
      // The rotation goes on meanwhile, and the next look may succeed.
      failed = explainErrorInSentence(error);
      if (failed !== failure && !isLast)
        onStep(`it cannot be looked at now, and is looked at again: ${failed}`);
    }
    failure = failed;
    if (isLast) return { ...known, ...atTheEnd(settings.stableKey, wait, failure, log.unreadable) };
    await clock.sleep(BETWEEN_LOOKS);
  }
}

/** What is said of a rotation that is not waited for any longer. */
function atTheEnd(
  user: string,
  wait: Milliseconds,
  failure: string | undefined,
  unreadableLog: string | undefined,
): End {
  if (wait === 0) return { outcome: 'notFinished', why: `It goes on by itself. See \`status ${user}\`.` };
  if (failure !== undefined) return { outcome: 'unknown', why: `${failure} See \`status ${user}\`.` };
  const log =
    unreadableLog === undefined
      ? ''
      : ` Whether a step failed is not known, because the log of its function cannot be read: ${unreadableLog}`;
  const why = `It goes on by itself; ${Math.round(wait / MINUTE)} min were waited.${log} See \`status ${user}\`.`;
  return { outcome: 'notFinished', why };
}

/** Whether the rotation function has put this rotation off. */
async function isDeferred(
  { ports, clock }: Stack,
  { secretArn }: Settings,
  { state }: RotationProgress,
  { token, askedAt }: Followed,
): Promise<boolean> {
  if (state !== 'mayBeDeferred') return state === 'isDeferred';
  if (clock.now() - askedAt < PENDING_SHOWS) return false;
  return (await ports.secrets.describe(secretArn)).labels.AWSPENDING !== token;
}

/** The log of one rotation, read now and then. */
class LogInTurn {
  /** Why it could not be read the last time. */
  unreadable: string | undefined;
  #nextLook: Instant;

  constructor(private readonly rotation: Followed) {
    this.#nextLook = rotation.askedAt + BETWEEN_LOOKS_AT_LOG;
  }

  /** @returns why a step failed; undefined where none did, or it is not the log's turn yet */
  async failedStep(
    { ports, clock }: Stack,
    { secretArn }: Settings,
    isLast: boolean,
  ): Promise<string | undefined> {
    const now = clock.now();
    if (!isLast && now < this.#nextLook) return undefined;
    this.#nextLook = now + BETWEEN_LOOKS_AT_LOG;
    const { token, askedAt, readFailedStep } = this.rotation;
    const rotationFunction = functionNameIn((await ports.secrets.describe(secretArn)).rotationFunctionArn);
    const { why, unreadable } = await readFailedStep({ rotationFunction, token, askedAt });
    this.unreadable = unreadable;
    return why;
  }
}
