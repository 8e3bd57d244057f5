import * as z from 'zod/mini';

import { FINDING_KINDS, HOLD_CAUSES } from './faults';
import { LEAK_REPORT_OUTCOMES } from './leaks';
import { someText } from './schema-parts';
import { EVENT_VERSION, type DetailType } from './telemetry-names';

/*
 * The events as they are published: `npm run generate` writes docs/events/schema.json from this. Nothing in an event is
 * secret, and of a key it says no more than the last four characters of its id.
 */

/** The description is what docs/events/schema.json says of it. */
const described = <Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema =>
  schema.check(z.describe(description));

const moment = described(z.iso.datetime(), 'When it happened, ISO 8601, UTC.');
const userName = described(someText, "The IAM user's name.");
const secretArn = described(z.string().check(z.regex(/^arn:/)), "The user's secret.");
const keyIdSuffix = described(
  z.string().check(z.regex(/^[A-Z0-9]{4}$/)),
  "The last four characters of the key's id.",
);
const reason = described(someText, 'Why, in a sentence for a person.');

const anyEvent = {
  version: described(z.literal(EVENT_VERSION), 'Of this schema. New fields may come without a new version.'),
  stack: described(someText, "The stack's prefix."),
  user: described(someText, "The user's stable key: its name in rotation.yaml."),
  owner: described(z.optional(someText), 'Who answers for the user, if the configuration says so.'),
  at: moment,
};

const ofUser = { ...anyEvent, userName, secretArn };
const ofKey = { ...ofUser, keyIdSuffix };

/** `rotation`: by Secrets Manager. `firstKey`: by `terraform apply`. `emergency`: by an operator. */
const kind = described(
  z.enum(['rotation', 'firstKey', 'emergency']),
  'What the key was made for: a rotation, the first key (terraform apply), or an emergency.',
);

const drill = described(
  z.optional(z.literal(true)),
  'The leak was played, by `drill leak`: nobody has the key. Absent: it is none.',
);

const userNameIfKnown = described(
  z.optional(userName),
  "The IAM user's name; absent where its settings cannot be read.",
);

const finding = {
  ...anyEvent,
  userName: userNameIfKnown,
  secretArn: described(z.optional(secretArn), "The user's secret; absent where the settings cannot be read."),
  keyIdSuffix: z.optional(keyIdSuffix),
  kind: described(z.enum(FINDING_KINDS), 'What was found.'),
  since: described(moment, 'When it was first seen, ISO 8601, UTC.'),
  what: described(someText, 'What was found, in a sentence for a person.'),
  drill,
};

/** `detail` by `detail-type`. */
export const eventDetailSchemas = {
  'Key Created': z.object({ ...ofKey, kind }),
  'Key Promoted': z.object({
    ...ofKey,
    kind: z.optional(kind),
    versionId: described(someText, 'The version of the secret that AWSCURRENT is on now.'),
    previousKeyIdSuffix: described(z.optional(keyIdSuffix), 'Of the key that it replaced, if there was one.'),
  }),
  'Key Deactivated': z.object({ ...ofKey, reason }),
  'Key Deleted': z.object({ ...ofKey, reason }),
  'Key Reaped': z.object({ ...ofKey, reason }),
  'Key Held': z.object({
    ...ofKey,
    cause: described(z.enum(HOLD_CAUSES), 'Why it is held.'),
    reason,
  }),
  'Key Released': z.object({
    ...ofKey,
    cause: described(z.enum(HOLD_CAUSES), 'Why it was held.'),
    heldSince: described(moment, 'When the hold began, ISO 8601, UTC.'),
  }),
  'Key Rolled Back': z.object({
    ...ofKey,
    rejectedKeyIdSuffix: described(z.optional(keyIdSuffix), 'Of the key that was left.'),
  }),
  'Key Delivered': z.object({
    ...ofKey,
    versionId: described(someText, 'The version of the secret that the target got.'),
    target: described(someText, 'Kind and name of the target, such as `parameter /payments/aws-key`.'),
  }),
  'Key Acknowledged': z.object({
    ...ofKey,
    by: described(someText, 'Who said that the consumers work with the key.'),
  }),
  'Rotation Failed': z.object({
    ...ofUser,
    userName: userNameIfKnown,
    step: described(
      z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
      'The step that failed.',
    ),
    error: described(someText, 'The class of the error; it says what may be done.'),
    reason,
  }),
  'Rotation Deferred': z.object({ ...ofUser, reason }),
  'Unmanaged Key Found': z.object({ ...ofKey, reason }),
  'Keys Left Behind': z.object({
    ...ofUser,
    formerUserId: described(someText, 'The unique id of the IAM user whose keys they are.'),
    keyIdSuffixes: described(
      z.array(keyIdSuffix).check(z.minLength(1)),
      'The last four characters of the ids of the keys.',
    ),
    reason,
  }),
  'Leak Reported': z.object({
    ...anyEvent,
    user: described(z.optional(anyEvent.user), 'The stable key; absent where the key is none of this stack.'),
    userName: described(z.optional(userName), "The IAM user's name, as far as it is known."),
    secretArn: described(
      z.optional(secretArn),
      "The user's secret; absent where the key is none of this stack.",
    ),
    keyIdSuffix: described(
      z.optional(keyIdSuffix),
      'Of the leaked key; absent where AWS named only the user.',
    ),
    code: described(
      z.string().check(z.regex(/^[\w+=,.@-]{1,128}$/)),
      "AWS's word for it: the code of the Health event, or the name of the quarantine policy. Of a drill: `DRILL`.",
    ),
    reportId: described(
      someText.check(z.maxLength(300)),
      'The ARN of the Health event, or the id of the CloudTrail event, or of the event of a drill.',
    ),
    outcome: described(z.enum(LEAK_REPORT_OUTCOMES), 'What was done.'),
    doneAt: described(z.optional(moment), 'When it was done.'),
    currentKeyIdSuffix: described(z.optional(keyIdSuffix), 'Of the key that is current now.'),
    uses: described(
      z.optional(z.array(someText.check(z.maxLength(300))).check(z.maxLength(3))),
      'The newest uses of the leaked key; absent where they could not be looked up.',
    ),
    drill,
  }),
  'Finding Began': z.object({
    ...finding,
    nextStep: described(someText, 'What to do first.'),
  }),
  'Finding Ended': z.object(finding),
} as const satisfies Record<DetailType, z.ZodMiniObject>;

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
