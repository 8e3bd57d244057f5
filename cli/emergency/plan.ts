import { DAY, type Instant } from '../../contract/instant';
import { requireBound, describeSecret } from '../../handlers/core/key-moves/key-work';
import { whyUnreadable } from '../../handlers/core/key-moves/readability';
import type { EmergencyStore } from '../../handlers/core/model/emergencies';
import type { RotationPorts } from '../../handlers/core/model/ports';
import { LISTING_LAG } from '../../handlers/core/model/timing';
import type { TableEntry, UserDirectory } from '../../handlers/core/retirement/retirement-ports';
import { concurrently } from '../concurrently';
import { explainErrorInSentence } from '../explain-error';
import { type Obstacle, planUser, type UserFacts, type UserPlan } from './plan-user';

/** What an emergency of many users works with. */
export interface EmergencyPorts extends RotationPorts {
  readonly directory: UserDirectory;
  readonly emergencies: EmergencyStore;
}

/** What is to be done, before anything is. */
export interface EmergencyPlan {
  readonly whose: string;
  /** The keys that were there then may have leaked. */
  readonly since: Instant;
  /** `begins`: nothing of it is in the table yet. `goesOn`: it began before, and this process goes on with it. */
  readonly kind: 'begins' | 'goesOn';
  /** The beginning that the table holds. */
  readonly before: Instant | undefined;
  readonly users: readonly UserPlan[];
}

/** The number that a person confirms: the users whose keys this emergency has replaced, and is to replace. */
export const plannedNumber = ({ users }: Pick<EmergencyPlan, 'users'>): number =>
  users.filter(({ state }) => state === 'toReplace' || state === 'replaced').length;

export const hasWork = ({ users }: Pick<EmergencyPlan, 'users'>): boolean =>
  users.some(({ state }) => state === 'toReplace');

/**
 * For so long the same command is taken for the same emergency, also when nothing is left of it: who started it may not have seen
 * how it ended.
 */
export const SAME_COMMAND = 1 * DAY;

/** As many looks as `status` has at a time: IAM's rate is what limits them. */
const AT_A_TIME = 16;

export interface PlanRequest {
  readonly whose: string;
  readonly entries: readonly TableEntry[];
  /** Begin a new emergency, whatever there is. */
  readonly anew: boolean;
  /** Is told how many users were looked at. */
  readonly onLook?: (done: number) => void;
}

/**
 * Looks at all users, and finds out which emergency this is. One of the same choice that is in the table goes on, as long as
 * something of it is left to do, and for SAME_COMMAND. Otherwise a new one begins now. Nothing is changed.
 */
export async function planEmergency(
  ports: EmergencyPorts,
  { whose, entries, anew, onLook = () => undefined }: PlanRequest,
): Promise<EmergencyPlan> {
  const now = ports.clock.now();
  const before = await ports.emergencies.read(whose);
  let done = 0;
  const looks = await concurrently(entries, AT_A_TIME, async (entry) => {
    const look = await lookAt(ports, entry);
    onLook((done += 1));
    return look;
  });
  if (before !== undefined && !anew) {
    const known = looks.map((look) => planOf(look, before));
    const goesOn = { whose, since: before, kind: 'goesOn', before } as const;
    if (hasWork({ users: known }) || now - before < SAME_COMMAND)
      return { ...goesOn, users: await withoutWhatPasses(ports, known, before) };
  }
  return { whose, since: now, kind: 'begins', before, users: looks.map((look) => planOf(look, now)) };
}

/** What was seen of a user. */
interface Look {
  readonly user: string;
  /** Undefined: it has no journal yet. */
  readonly facts: UserFacts | Obstacle | undefined;
}

const planOf = ({ user, facts }: Look, since: Instant): UserPlan => {
  if (facts === undefined) return { user, state: 'noKey' };
  return 'why' in facts ? { user, state: 'cannot', ...facts } : planUser(user, facts, since);
};

async function lookAt(ports: EmergencyPorts, entry: TableEntry): Promise<Look> {
  const { stableKey: user, settings, journal } = entry;
  for (const item of [settings, journal])
    if (item instanceof Error) return { user, facts: unreadable(user, item) };
  if (settings instanceof Error || journal instanceof Error) throw new Error('Bug: they were looked at.');
  if (journal === undefined) return { user, facts: undefined };
  try {
    requireBound(journal, settings);
    const secret = await describeSecret({ ports, settings });
    const listed = await ports.keys.list(settings.userName);
    const deleted = whyUnreadable(secret, ports.clock.now()).find(({ cause }) => cause === 'secretDeleted');
    return { user, facts: { settings, journal, listed, secretDeleted: deleted?.what } };
  } catch (error) {
    const why = explainErrorInSentence(error);
    return { user, facts: { why, whatToDo: 'Run the same command again.' } };
  }
}

const unreadable = (user: string, { message }: Error): Obstacle => ({
  why: message,
  whatToDo: `Keys are not changed where an item cannot be read. See \`status ${user}\`; then run the same command again.`,
});

/** A process that died a moment ago may have changed what IAM does not show yet. */
async function withoutWhatPasses(
  ports: EmergencyPorts,
  users: readonly UserPlan[],
  since: Instant,
): Promise<readonly UserPlan[]> {
  const passing = new Set(users.flatMap((plan) => ('mayPass' in plan ? [plan.user] : [])));
  if (passing.size === 0) return users;
  await ports.clock.sleep(LISTING_LAG);
  const entries = (await ports.directory.list()).filter(({ stableKey }) => passing.has(stableKey));
  const looks = await concurrently(entries, AT_A_TIME, (entry) => lookAt(ports, entry));
  const again = new Map(looks.map((look) => [look.user, planOf(look, since)]));
  return users.map((plan) => again.get(plan.user) ?? plan);
}
