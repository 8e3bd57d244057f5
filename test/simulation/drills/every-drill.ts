import type { Journal } from '../../../handlers/core/model/journal';
import { readLeakDrill } from '../../../handlers/core/leaks/read-leak-drill';
import { respond, type RespondPorts } from '../../../handlers/core/leaks/respond';
import type { TableEntry } from '../../../handlers/core/retirement/retirement-ports';
import { DRILL_DETAIL_TYPE, DRILL_SOURCE } from '../../../contract/leak-drill';
import { journalWith, settingsOf } from '../../handlers/support/fixtures';

/** Names that are alike in each way in which names may be. */
const USERS = ['ci', 'CI', 'ci-deployer', 'c', 'drills'];

const STACK = 'iam-key-rotation';

/** What a journal may name a key as. */
const PLACES = ['current', 'previous', 'attempt', 'leaks'] as const;
type Place = (typeof PLACES)[number];

const keyOf = (user: string, place: Place): string =>
  `AKIA${USERS.indexOf(user)}${PLACES.indexOf(place)}MMMMMMEXAMPLE`;

function journalOf(user: string): Journal {
  const [current, previous, attempt, leaked] = PLACES.map((place) => keyOf(user, place));
  return journalWith({
    current: { keyId: current!, versionId: 'version-1', since: 0 },
    previous: [{ keyId: previous!, origin: 'rotated', replacedAt: 0, phase: 'overlap' } as never],
    attempt: { keyId: attempt!, keysBefore: [] } as never,
    leaks: [{ keyId: leaked!, reportedAt: 0 }],
  });
}

/**
 * Every drill that somebody who may put events can ask for, in a stack with each user for drills and with none. A function is
 * invoked for the user for drills and for no other (R15).
 *
 * @returns what was broken, in sentences
 */
export async function everyDrill(): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const drillUser of [undefined, ...USERS]) {
    for (const user of USERS) {
      for (const place of PLACES) {
        const invoked = await drill(keyOf(user, place), drillUser);
        const expected = user === drillUser ? [user] : [];
        if (invoked.join() === expected.join()) continue;
        const what = `A drill about the ${place} key of ${user} invoked [${invoked.join()}]`;
        broken.push(`${what}; the user for drills is ${drillUser ?? 'nobody'}.`);
      }
    }
  }
  return broken;
}

/** @returns the users whose function was invoked */
async function drill(keyId: string, drillUser: string | undefined): Promise<readonly string[]> {
  const invoked: string[] = [];
  const entries = USERS.map((user): TableEntry => ({
    stableKey: user,
    settings: settingsOf({ stableKey: user, userName: user }),
    journal: journalOf(user),
  }));
  const none = (): undefined => undefined;
  const ports: RespondPorts = {
    directory: { list: () => Promise.resolve(entries) },
    functions: {
      replaceLeakedKey(stableKey) {
        invoked.push(stableKey);
        const leaked = [{ accessKeyId: keyId, outcome: 'replaced' as const }];
        return Promise.resolve({ leaked, currentAccessKeyId: undefined });
      },
    },
    trail: { recentUses: () => Promise.resolve([]) },
    lifecycle: { note: none, flush: () => Promise.resolve(), send: () => Promise.resolve(true) },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    log: { info: none, warn: none, error: none },
  };
  const detail = { stack: STACK, keyId, at: '2026-01-15T12:00:00Z', user: drillUser };
  const heard = { id: 'one', source: DRILL_SOURCE, 'detail-type': DRILL_DETAIL_TYPE, detail };
  const report = readLeakDrill(heard, STACK);
  if (report === undefined) throw new Error('The event of a drill was not read as one.');
  await respond(ports, report, drillUser);
  return invoked;
}
