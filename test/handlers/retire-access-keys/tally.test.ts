import type { Act, Decision } from '../../../handlers/core/retirement/decision';
import type { UserResult } from '../../../handlers/core/retirement/sweep';
import { Tally } from '../../../handlers/retire-access-keys/tally';

const act = (what: Act['what']): Act => ({ kind: 'act', what, reason: 'it is due' });
const hold: Decision = { kind: 'hold', keyId: 'x', cause: 'stillInUse', reason: 'it is in use' };
const report: Decision = { kind: 'report', fault: 'unmanagedKey', reason: 'not ours' };

const visited = (stableKey: string, acts: readonly Act[], left: readonly Decision[]): UserResult => ({
  stableKey,
  outcome: { acts, left, holdsBegun: [], keysDecided: true, journal: undefined },
});

test('the result of a sweep says how often each act was done, how many keys are held, and whose visit failed', () => {
  const results = [
    visited('a', [act('finish'), act('deactivate')], [report]),
    visited('b', [act('deactivate')], [hold, report]),
    visited('c', [], [hold, act('delete')]),
    { stableKey: 'd', failure: new Error('IAM was away') },
  ];
  const tally = new Tally();
  for (const result of results) tally.add(result);
  expect(tally.result({ users: 6, notReached: 2, deletionsRefused: 1 })).toEqual({
    anotherRunIsAtWork: false,
    users: 6,
    notReached: 2,
    deletionsRefused: 1,
    acts: { finish: 1, deactivate: 2 },
    holds: 2,
    failedUsers: ['d'],
  });
});

test('the result of a sweep that found another one running says only that', () => {
  expect(new Tally().result(undefined)).toEqual({ anotherRunIsAtWork: true });
});
