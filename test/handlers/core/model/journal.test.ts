import * as z from 'zod';

import { journalSchema, type Journal } from '../../../../handlers/core/model/journal';
import { ARN, NOON, journalWith, keyId } from '../../support/fixtures';

const full: Journal = journalWith({
  current: { keyId: keyId(), versionId: 'v2', since: NOON + 1 },
  attempt: {
    token: 'v3',
    kind: 'rotation',
    keysBefore: [keyId(), keyId()],
    announcedAt: NOON + 2,
    until: NOON + 60_002,
    currentVersionId: 'v2',
    keyId: keyId(),
    provedAt: NOON + 3,
    promotionAnnouncedAt: NOON + 4,
  },
  previous: [
    { keyId: keyId(), versionId: 'v1', replacedAt: NOON, phase: 'deactivated', deactivatedAt: NOON + 5 },
    {
      keyId: keyId(),
      origin: 'takenOver',
      replacedAt: NOON,
      phase: 'overlap',
      hold: { cause: 'stillInUse', since: NOON + 6 },
    },
  ],
  wanted: { since: NOON + 7, reason: 'both key slots are taken' },
});

test('what is stored is read back, to the millisecond', () => {
  expect(z.decode(journalSchema, z.encode(journalSchema, full))).toEqual(full);
});

test('what is stored survives JSON', () => {
  const stored: unknown = JSON.parse(JSON.stringify(z.encode(journalSchema, full)));
  expect(journalSchema.parse(stored)).toEqual(full);
});

test('moments are stored so that a person can read them', () => {
  expect(z.encode(journalSchema, full).current?.since).toBe('2026-01-15T12:00:00.001Z');
});

test('the journal of a user that has nothing yet is small', () => {
  expect(z.encode(journalSchema, journalWith())).toEqual({
    userId: 'AIDACIDEPLOYEREXAMPLE',
    secretArn: ARN,
    previous: [],
  });
});

const stored = z.encode(journalSchema, full);
test.each([
  ['of no user', { ...stored, userId: '' }],
  ['of a secret that is no ARN', { ...stored, secretArn: 'iam-key-rotation/ci-deployer' }],
  ['without previous keys', { ...stored, previous: undefined }],
  ['with a moment in seconds', { ...stored, current: { ...stored.current, since: 1_768_478_400 } }],
  ['with a day for a moment', { ...stored, current: { ...stored.current, since: '2026-01-15' } }],
  [
    'with a local time for a moment',
    { ...stored, current: { ...stored.current, since: '2026-01-15T12:00:00+01:00' } },
  ],
  [
    'with an attempt that has no time window',
    { ...stored, attempt: { ...stored.attempt, until: undefined } },
  ],
  [
    'with an attempt that does not know which keys were there',
    { ...stored, attempt: { ...stored.attempt, keysBefore: undefined } },
  ],
  ['with a phase that nobody knows', { ...stored, previous: [{ ...stored.previous[0], phase: 'deleted' }] }],
  ['with a current key that has no version', { ...stored, current: { ...stored.current, versionId: '' } }],
])('R8: a journal %s is not read', (_name, item) => {
  expect(journalSchema.safeParse(item).success).toBe(false);
});

// A function of an older release may still run while a newer one has written a field it does not know. What it writes
// back then lacks that field: a hold, a leak. Refuse it (R8), or carry it along.
test.each([
  ['of the current key', { ...stored, current: { ...stored.current, ofANewerRelease: true } }],
  [
    'of a hold',
    {
      ...stored,
      previous: stored.previous.map((key) => ({
        ...key,
        hold: { cause: 'stillInUse', since: '2026-01-15T12:00:00.000Z', ofANewerRelease: true },
      })),
    },
  ],
])('a field %s of a newer release is not dropped in silence', (_where, newer) => {
  const read = journalSchema.safeParse(newer);
  const writtenBack: unknown = read.success ? z.encode(journalSchema, read.data) : newer;
  expect(writtenBack).toEqual(newer);
});
