import type { Settings } from '../../../../contract/settings';
import { HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import type { Acknowledgements } from '../../../../handlers/core/model/acknowledgements';
import type { PreviousKey } from '../../../../handlers/core/model/journal';
import {
  isAcknowledged,
  mayWaitForWord,
  readAcknowledgements,
} from '../../../../handlers/core/retirement/acknowledged';
import { journalWith, keyId, NOON, settingsOf } from '../../support/fixtures';

type By = NonNullable<Settings['acknowledgement']>['by'];

const [CURRENT, PREVIOUS] = [keyId(), keyId()];
const waitsFor = (by: By): Settings =>
  settingsOf({ acknowledgement: { by, remindAfterSeconds: (72 * HOUR) / SECOND, atMaximumKeyAge: 'hold' } });
const previous = (change: Partial<PreviousKey> = {}): PreviousKey => ({
  ...{ keyId: PREVIOUS, versionId: 'v1', replacedAt: NOON, phase: 'overlap' },
  ...change,
});
const journalOf = (key: PreviousKey) =>
  journalWith({ current: { keyId: CURRENT, versionId: 'v2', since: NOON }, previous: [key] });

const isKnown = (
  settings: Settings,
  known: { readonly said?: string; readonly used?: readonly [after: number, service?: string] },
): boolean =>
  isAcknowledged({
    settings,
    journal: journalOf(previous()),
    acknowledgements: new Map(known.said === undefined ? [] : [[known.said, NOON]]),
    lastUses: new Map(
      known.used === undefined
        ? []
        : [[CURRENT, { at: NOON + known.used[0], service: known.used[1] ?? 's3', region: 'eu-west-1' }]],
    ),
  });

test.each<[By, byWord: boolean, byUse: boolean]>([
  ['command', true, false],
  ['use', false, true],
  ['either', true, true],
])('by %s: a word about the current key counts: %s, and a use of it: %s (R14)', (by, byWord, byUse) => {
  expect(isKnown(waitsFor(by), { said: CURRENT })).toBe(byWord);
  expect(isKnown(waitsFor(by), { used: [HOUR] })).toBe(byUse);
  expect(isKnown(waitsFor(by), {})).toBe(false);
});

test('a word about another key counts for nothing (R14)', () => {
  expect(isKnown(waitsFor('either'), { said: PREVIOUS })).toBe(false);
});

test.each([
  [15 * MINUTE, 's3', false],
  [15 * MINUTE + 1, 's3', true],
  [-HOUR, 's3', false],
  [HOUR, 'sts', false],
])('a use %s ms after the promotion, for %s, counts: %s (F 2.10)', (after, service, counts) => {
  expect(isKnown(waitsFor('use'), { used: [after, service] })).toBe(counts);
});

test('where nothing is waited for, everything is acknowledged', () => {
  expect(isKnown(settingsOf(), {})).toBe(true);
});

test.each<[string, Partial<PreviousKey>, boolean]>([
  ['in its overlap', {}, true],
  ['in its overlap, which leaked', { leaked: 'deactivate' }, false],
  ['whose deactivation has begun', { phase: 'deactivating' }, false],
  ['that is deactivated', { phase: 'deactivated', deactivatedAt: NOON }, false],
])('a key %s waits for a word: %#', (_what, change, waits) => {
  expect(mayWaitForWord(journalOf(previous(change)))).toBe(waits);
});

test.each<[string, Settings, PreviousKey, calls: number]>([
  ['are read where a key waits for one', waitsFor('command'), previous(), 1],
  ['are read where either counts', waitsFor('either'), previous(), 1],
  ['are not read where only a use counts: nobody may read them then', waitsFor('use'), previous(), 0],
  ['are not read where nothing is waited for', settingsOf(), previous(), 0],
  ['are not read where no key waits', waitsFor('command'), previous({ phase: 'deactivated' }), 0],
])('words %s', async (_when, settings, key, calls) => {
  const said: Acknowledgements = new Map([[CURRENT, NOON]]);
  const read = jest.fn(() => Promise.resolve(said));
  const found = await readAcknowledgements({ acknowledgements: { read } }, settings, journalOf(key));
  expect(read).toHaveBeenCalledTimes(calls);
  expect(found.size).toBe(calls);
});
