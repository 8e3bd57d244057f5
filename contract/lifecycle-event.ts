import * as z from 'zod';

import { FINDING_KINDS, HOLD_CAUSES } from './faults';
import { LEAK_REPORT_OUTCOMES } from './leaks';
import { EVENT_VERSION, type DetailType } from './telemetry-names';

/*
 * The events as they are published: `npm run generate` writes docs/events/schema.json from this. Nothing in an event is
 * secret, and of a key it says no more than the last four characters of its id.
 */

const moment = z.iso.datetime().describe('When it happened, ISO 8601, UTC.');
const userName = z.string().min(1).describe("The IAM user's name.");
const secretArn = z.string().regex(/^arn:/).describe("The user's secret.");
const keyIdSuffix = z
  .string()
  .regex(/^[A-Z0-9]{4}$/)
  .describe("The last four characters of the key's id.");
const reason = z.string().min(1).describe('Why, in a sentence for a person.');

const anyEvent = {
  version: z.literal(EVENT_VERSION).describe('Of this schema. New fields may come without a new version.'),
  stack: z.string().min(1).describe("The stack's prefix."),
  user: z.string().min(1).describe("The user's stable key: its name in rotation.yaml."),
  owner: z.string().min(1).optional().describe('Who answers for the user, if the configuration says so.'),
  at: moment,
};

const ofUser = { ...anyEvent, userName, secretArn };
const ofKey = { ...ofUser, keyIdSuffix };

/** `rotation`: by Secrets Manager. `firstKey`: by `terraform apply`. `emergency`: by an operator. */
const kind = z
  .enum(['rotation', 'firstKey', 'emergency'])
  .describe('What the key was made for: a rotation, the first key (terraform apply), or an emergency.');

const drill = z
  .literal(true)
  .optional()
  .describe('The leak was played, by `drill leak`: nobody has the key. Absent: it is none.');

const finding = {
  ...anyEvent,
  userName: userName.optional().describe("The IAM user's name; absent where its settings cannot be read."),
  secretArn: secretArn.optional().describe("The user's secret; absent where the settings cannot be read."),
  keyIdSuffix: keyIdSuffix.optional(),
  kind: z.enum(FINDING_KINDS).describe('What was found.'),
  since: moment.describe('When it was first seen, ISO 8601, UTC.'),
  what: z.string().min(1).describe('What was found, in a sentence for a person.'),
  drill,
};

/** `detail` by `detail-type`. */
export const eventDetailSchemas = {
  'Key Created': z.object({ ...ofKey, kind }),
  'Key Promoted': z.object({
    ...ofKey,
    kind: kind.optional(),
    versionId: z.string().min(1).describe('The version of the secret that AWSCURRENT is on now.'),
    previousKeyIdSuffix: keyIdSuffix.optional().describe('Of the key that it replaced, if there was one.'),
  }),
  'Key Deactivated': z.object({ ...ofKey, reason }),
  'Key Deleted': z.object({ ...ofKey, reason }),
  'Key Reaped': z.object({ ...ofKey, reason }),
  'Key Held': z.object({
    ...ofKey,
    cause: z.enum(HOLD_CAUSES).describe('Why it is held.'),
    reason,
  }),
  'Key Released': z.object({
    ...ofKey,
    cause: z.enum(HOLD_CAUSES).describe('Why it was held.'),
    heldSince: moment.describe('When the hold began, ISO 8601, UTC.'),
  }),
  'Key Rolled Back': z.object({
    ...ofKey,
    rejectedKeyIdSuffix: keyIdSuffix.optional().describe('Of the key that was left.'),
  }),
  'Key Delivered': z.object({
    ...ofKey,
    versionId: z.string().min(1).describe('The version of the secret that the target got.'),
    target: z.string().min(1).describe('Kind and name of the target, such as `parameter /payments/aws-key`.'),
  }),
  'Key Acknowledged': z.object({
    ...ofKey,
    by: z.string().min(1).describe('Who said that the consumers work with the key.'),
  }),
  'Rotation Failed': z.object({
    ...ofUser,
    userName: userName.optional().describe("The IAM user's name; absent where its settings cannot be read."),
    step: z
      .enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
      .describe('The step that failed.'),
    error: z.string().min(1).describe('The class of the error; it says what may be done.'),
    reason,
  }),
  'Rotation Deferred': z.object({ ...ofUser, reason }),
  'Unmanaged Key Found': z.object({ ...ofKey, reason }),
  'Keys Left Behind': z.object({
    ...ofUser,
    formerUserId: z.string().min(1).describe('The unique id of the IAM user whose keys they are.'),
    keyIdSuffixes: z.array(keyIdSuffix).min(1).describe('The last four characters of the ids of the keys.'),
    reason,
  }),
  'Leak Reported': z.object({
    ...anyEvent,
    user: anyEvent.user.optional().describe('The stable key; absent where the key is none of this stack.'),
    userName: userName.optional().describe("The IAM user's name, as far as it is known."),
    secretArn: secretArn
      .optional()
      .describe("The user's secret; absent where the key is none of this stack."),
    keyIdSuffix: keyIdSuffix.optional().describe('Of the leaked key; absent where AWS named only the user.'),
    code: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/)
      .describe(
        "AWS's word for it: the code of the Health event, or the name of the quarantine policy. Of a drill: `DRILL`.",
      ),
    reportId: z
      .string()
      .min(1)
      .max(300)
      .describe(
        'The ARN of the Health event, or the id of the CloudTrail event, or of the event of a drill.',
      ),
    outcome: z.enum(LEAK_REPORT_OUTCOMES).describe('What was done.'),
    doneAt: moment.optional().describe('When it was done.'),
    currentKeyIdSuffix: keyIdSuffix.optional().describe('Of the key that is current now.'),
    uses: z
      .array(z.string().min(1).max(300))
      .max(3)
      .optional()
      .describe('The newest uses of the leaked key; absent where they could not be looked up.'),
    drill,
  }),
  'Finding Began': z.object({
    ...finding,
    nextStep: z.string().min(1).describe('What to do first.'),
  }),
  'Finding Ended': z.object(finding),
} as const satisfies Record<DetailType, z.ZodObject>;

export type EventDetail<Type extends DetailType> = z.output<(typeof eventDetailSchemas)[Type]>;

/** What the publisher adds by itself. */
type Envelope = 'version' | 'stack';

/** One event, as the rules tell it; the publisher adds version and stack. */
export type LifecycleEvent = {
  [Type in DetailType]: {
    readonly detailType: Type;
    readonly detail: Readonly<Omit<EventDetail<Type>, Envelope>>;
  };
}[DetailType];
