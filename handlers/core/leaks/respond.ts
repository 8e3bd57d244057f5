import type { ReplaceLeakedKeyInput } from '../../../contract/function-events';
import type { Instant } from '../../../contract/instant';
import type { LeakReportOutcome } from '../../../contract/leaks';
import type { EventDetail, LifecycleEvent } from '../../../contract/lifecycle-event';
import type { Settings } from '../../../contract/settings';
import type { Journal } from '../model/journal';
import type { Clock, Lifecycle, Log } from '../model/ports';
import type { TableEntry, UsageTrail, UserDirectory } from '../retirement/retirement-ports';
import { isoOf, suffixOf, withoutKeyIds } from '../telemetry/emit';
import type { LeakAnswered } from './answer-leak';
import type { LeakReport } from './read-leak-report';

/** The functions that rotate, which alone may touch a key. */
export interface RotationFunctions {
  /** @throws Error if the function ended with one, or did not answer: then it may have done it. */
  replaceLeakedKey(stableKey: string, input: ReplaceLeakedKeyInput): Promise<LeakAnswered>;
}

export interface RespondPorts {
  readonly directory: UserDirectory;
  readonly functions: RotationFunctions;
  readonly trail: UsageTrail;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of one key, or of a user whose key AWS does not name. */
export interface Responded {
  readonly user: string | undefined;
  readonly keyIdSuffix: string | undefined;
  readonly outcome: LeakReportOutcome;
}

/** How many uses of a leaked key a message has. */
const MOST_USES = 3;

/**
 * Has each key that AWS reports replaced by the function that rotates its user, and tells what was done. Whose a key is the
 * journals say, and nothing else: what they do not name is told, and nobody touches it (R4). The same report twice does
 * nothing twice, because the function looks first.
 *
 * A drill can be asked for by whoever may put events. So it is answered for one user alone, whoever the event is about.
 *
 * @param drillUser the stable key of that user; undefined: there is none
 * @throws Error if a function failed, or what was done could not be told: the event comes again.
 */
export async function respond(
  ports: RespondPorts,
  report: LeakReport,
  drillUser?: string,
): Promise<readonly Responded[]> {
  const entries = await ports.directory.list();
  const answers = await Promise.all(
    targetsOf(report, entries).map((target) => answer(ports, report, target, drillUser)),
  );
  const events = await Promise.all(answers.flat().map((one) => eventOf(ports, report, one)));
  if (!(await ports.lifecycle.send(events)))
    throw new Error('What was done about a leaked key could not be told: the event bus did not accept it.');
  const failure = answers.flat().find(({ error }) => error !== undefined)?.error;
  if (failure !== undefined) throw failure;
  return answers.flat().map(({ target, keyId, outcome }) => ({
    user: target.settings?.stableKey,
    keyIdSuffix: keyId === undefined ? undefined : suffixOf(keyId),
    outcome,
  }));
}

interface Target {
  /** Undefined: AWS names the user alone. */
  readonly keyId: string | undefined;
  readonly userName?: string | undefined;
  /** Undefined: it is none of this stack. */
  readonly settings: Settings | undefined;
}

interface Answer {
  readonly target: Target;
  readonly keyId: string | undefined;
  readonly outcome: LeakReportOutcome;
  readonly currentKeyId?: string | undefined;
  readonly doneAt?: Instant;
  readonly error?: Error;
}

/** A report that names nothing is told, too. */
function targetsOf({ keyIds, userNames }: LeakReport, entries: readonly TableEntry[]): readonly Target[] {
  const users = entries.flatMap(({ settings, journal }) =>
    settings instanceof Error ? [] : [{ settings, journal }],
  );
  const ofKeys = keyIds.map((keyId) => ({
    keyId,
    settings: users.find(({ journal }) => isNamedIn(journal, keyId))?.settings,
  }));
  const ofUsers = userNames.map((userName) => ({
    keyId: undefined,
    userName,
    settings: users.find(({ settings }) => settings.userName.toLowerCase() === userName.toLowerCase())
      ?.settings,
  }));
  const all = [...ofKeys, ...ofUsers];
  return all.length === 0 ? [{ keyId: undefined, settings: undefined }] : all;
}

/** What cannot be read names nothing (R8). */
function isNamedIn(journal: Journal | Error | undefined, keyId: string): boolean {
  if (journal === undefined || journal instanceof Error) return false;
  const { current, attempt, previous, leaks = [] } = journal;
  return [current, attempt, ...previous, ...leaks].some((key) => key?.keyId === keyId);
}

async function answer(
  ports: RespondPorts,
  report: LeakReport,
  target: Target,
  drillUser: string | undefined,
): Promise<readonly Answer[]> {
  const { keyId, settings } = target;
  if (!report.isKnown) return [{ target, keyId, outcome: 'unknownCode' }];
  if (settings === undefined) return [{ target, keyId, outcome: 'notOurs' }];
  if (report.drill === true && settings.stableKey !== drillUser)
    return [{ target, keyId, outcome: 'notForDrills' }];
  try {
    const { leaked, currentAccessKeyId } = await ports.functions.replaceLeakedKey(settings.stableKey, {
      Step: 'replaceLeakedKey',
      SecretId: settings.secretArn,
      LeakedKeyId: keyId,
      ReportedAt: isoOf(report.at),
      Drill: report.drill,
    });
    const doneAt = ports.clock.now();
    return leaked.map(({ accessKeyId, outcome }) => ({
      ...{ target, keyId: accessKeyId, outcome, doneAt },
      currentKeyId: currentAccessKeyId,
    }));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    ports.log.error('a leaked key may not have been replaced', { user: settings.stableKey, keyId, error });
    return [{ target, keyId, outcome: 'failed', error }];
  }
}

async function eventOf(ports: RespondPorts, report: LeakReport, one: Answer): Promise<LifecycleEvent> {
  const { keyId, outcome, doneAt, currentKeyId, target } = one;
  const { settings } = target;
  const detail: Omit<EventDetail<'Leak Reported'>, 'version' | 'stack'> = {
    user: settings?.stableKey,
    userName: settings?.userName ?? target.userName,
    secretArn: settings?.secretArn,
    owner: settings?.owner,
    at: isoOf(report.at),
    keyIdSuffix: keyId === undefined ? undefined : suffixOf(keyId),
    code: report.code,
    reportId: report.id.slice(0, 300),
    outcome,
    doneAt: doneAt === undefined ? undefined : isoOf(doneAt),
    currentKeyIdSuffix: currentKeyId === undefined ? undefined : suffixOf(currentKeyId),
    uses: keyId === undefined ? undefined : await usesOf(ports, keyId, report.at),
    drill: report.drill,
  };
  return { detailType: 'Leak Reported', detail: withoutUndefined(detail) };
}

/** A message without them is better than none. */
async function usesOf(
  { trail, log }: RespondPorts,
  keyId: string,
  since: Instant,
): Promise<string[] | undefined> {
  try {
    const uses = (await trail.recentUses(keyId)).filter(({ at }) => at >= since);
    return uses
      .slice(0, MOST_USES)
      .map(({ at, call, principal, sourceAddress, hasFailed }) =>
        withoutKeyIds(
          `${isoOf(at)} ${call} by ${principal} from ${sourceAddress}${hasFailed ? ' (refused)' : ''}`,
        ).slice(0, 300),
      );
  } catch (error) {
    log.warn('who used the leaked key could not be looked up', { error });
    return undefined;
  }
}

const withoutUndefined = <Detail extends object>(detail: Detail): Detail =>
  Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined)) as Detail;
