import { whatTheJournalShows } from '../../../cli/rotate/what-the-journal-shows';
import type { Attempt, Journal } from '../../../handlers/core/model/journal';

const NEW = 'AKIAMMMMMMMM2EXAMPLE';
const journal: Journal = {
  userId: 'AIDA',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x',
  current: { keyId: 'AKIAMMMMMMMM1EXAMPLE', versionId: 'before', since: 0 },
  previous: [],
};
const WANTED = { since: 500, reason: 'both slots are taken' };
/** When it was asked for. */
const ROTATION = { token: 'the-token', before: journal };

const attempt: Attempt = {
  token: 'the-token',
  kind: 'rotation',
  keysBefore: [],
  announcedAt: 1100,
  until: 9000,
};

it.each<[string, Partial<Journal>, string, number]>([
  ['nothing yet', {}, 'underWay', 0],
  ['another rotation', { attempt: { ...attempt, token: 'another' } }, 'underWay', 0],
  ['its announcement', { attempt }, 'underWay', 1],
  ['its key', { attempt: { ...attempt, keyId: NEW } }, 'underWay', 2],
  ['its proof', { attempt: { ...attempt, keyId: NEW, provedAt: 2000 } }, 'underWay', 3],
  ['its end', { current: { keyId: NEW, versionId: 'the-token', since: 3000 } }, 'isCurrent', 4],
  [
    'a key that was replaced again since',
    { previous: [{ keyId: NEW, versionId: 'the-token', replacedAt: 4000, phase: 'overlap' }] },
    'isCurrent',
    4,
  ],
  ['that it waits', { wanted: { since: 1500, reason: 'both slots are taken' } }, 'isDeferred', 0],
])('the journal shows of a rotation %s', (_, change, state, steps) => {
  const shown = whatTheJournalShows({ ...journal, ...change }, ROTATION);
  expect(shown).toMatchObject({ state });
  expect(shown.steps).toHaveLength(steps);
});

it('a rotation that was wanted before already may be deferred again, or not', () => {
  const waiting = { ...journal, wanted: WANTED };
  expect(whatTheJournalShows(waiting, { token: 'the-token', before: waiting })).toMatchObject({
    state: 'mayBeDeferred',
    why: 'both slots are taken',
  });
});

it('each state of the journal adds a step to the one before', () => {
  const states = [
    { attempt },
    { attempt: { ...attempt, keyId: NEW } },
    { attempt: { ...attempt, keyId: NEW, provedAt: 2000 } },
    { current: { keyId: NEW, versionId: 'the-token', since: 3000 } },
  ].map((change) => whatTheJournalShows({ ...journal, ...change }, ROTATION).steps);
  for (const [index, steps] of states.entries()) {
    expect(steps.slice(0, index)).toEqual(states[index - 1] ?? []);
  }
});
