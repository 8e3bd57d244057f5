import { journalWith } from '../../support/fixtures';
import { ours } from './support/events';
import { People } from './support/people';

const KEY = 'AKIAMMMMMMMM1EXAMPLE';
const AT = '2026-01-15T12:00:00.000Z';

const leak = (detail: object = {}) =>
  ours('Leak Reported', {
    ...{ keyIdSuffix: 'MPLE', code: 'DRILL', reportId: 'event-1', outcome: 'replaced', uses: [] },
    ...{ doneAt: AT, currentKeyIdSuffix: 'MPLE', drill: true, ...detail },
  });
const REAL = { code: 'AWS_RISK_CREDENTIALS_EXPOSED', reportId: 'event-2', drill: undefined };
const overEvent = (detail: object = {}) =>
  ours('Finding Ended', {
    ...{ kind: 'keyLeaked', since: AT, keyIdSuffix: 'MPLE', what: 'nothing is left', drill: true, ...detail },
  });

const after = (...leaks: readonly object[]): People => {
  const people = new People();
  people.journal = journalWith({ leaks: leaks.map((one) => ({ keyId: KEY, reportedAt: 0, ...one })) });
  return people;
};

describe('in a drill', () => {
  it('subject, heading and attributes say so, and nobody is told to hurry', async () => {
    const people = after({ drill: true });
    people.place = { ...people.place, format: 'chat' };
    await people.hear(leak());
    const [message] = people.topic.messages;
    expect(message!.subject).toBe(
      'Drill: AWS reports a leaked key of a rotated user (iam-key-rotation/ci-deployer)',
    );
    expect(message!.text).toMatch(/^Drill: AWS reports a leaked key of a rotated user: ci-deployer\n/);
    expect(message!.text).toContain('First: Nothing has to be done.');
    expect(message!.text).not.toContain('who-uses');
    expect(message!.attributes).toMatchObject({ kind: 'keyLeaked', severity: 'critical', drill: 'true' });
    expect(message!.chat).toContain('ℹ️ Drill: ');
  });

  it('its end says so, too, whether the journal knows it still or not', async () => {
    for (const leaks of [[{ drill: true }], []]) {
      const people = after({ drill: true });
      await people.hear(leak());
      people.journal = journalWith({
        leaks: leaks.map((one) => ({ keyId: KEY, reportedAt: 0, ...one }) as never),
      });
      await people.hear(overEvent({ at: '2026-01-15T13:00:00.000Z' }));
      expect(people.subjects.at(-1)).toMatch(/^Drill: Over: AWS reports a leaked key/);
      expect(people.subjects).toHaveLength(2);
    }
  });

  it('a real leak of the same key is told although people know of the drill', async () => {
    const people = after({ drill: true });
    await people.hear(leak());
    people.journal = journalWith({ leaks: [{ keyId: KEY, reportedAt: 0 }] });
    await people.hear(leak(REAL));
    expect(people.subjects.at(-1)).toMatch(/^AWS reports a leaked key/);
    expect(people.subjects).toHaveLength(2);
  });
});

describe('who may put events makes no drill of a leak', () => {
  it('of what AWS reported an event says in vain that it is a drill: the journal knows', async () => {
    const people = after({});
    await people.hearForged(leak());
    expect(people.subjects).toEqual([
      'AWS reports a leaked key of a rotated user (iam-key-rotation/ci-deployer)',
    ]);
    expect(people.topic.messages[0]!.text).toContain(
      'It is none. AWS reported it as exposed since 1970-01-01T',
    );
    expect(people.topic.messages[0]!.text).not.toContain('Nobody has the key');
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('drill');
  });

  it('a drill of a user who is not for drills takes the place of no report of the same key', async () => {
    const people = after();
    await people.hearForged(leak({ outcome: 'notForDrills', doneAt: undefined }));
    await people.hear(leak({ ...REAL, outcome: 'failed', doneAt: undefined }));
    expect(people.subjects).toEqual([
      'Drill: AWS reports a leaked access key (iam-key-rotation/ci-deployer)',
      'AWS reports a leaked access key (iam-key-rotation/ci-deployer)',
    ]);
  });
});
