import * as z from 'zod/mini';

import { deliveryTargetSchema } from './delivery';
import { IAM_USER_NAME } from './names';
import { STABLE_KEY } from './stable-key';
import { storedInstant } from './stored-instant';
import { someText } from './schema-parts';

/*
 * What AWS calls users and secrets. Messages name them in commands that a person copies, and whoever may write the table is not
 * to write these: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html
 */
const IAM_USER_ID = /^\w{1,128}$/;
const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]{1,519}$/;

/**
 * What Terraform says about one rotated user: the item `settings#<stable key>` of the table.
 * It is the only authority for which IAM user belongs to which secret.
 *
 * An item that does not fit it stops everything that is done to the user's keys (R8), also where only its exemption
 * cannot be read.
 */
export const settingsSchema = z.object({
  stableKey: z.string().check(z.regex(STABLE_KEY)),
  accountId: z.string().check(z.regex(/^\d{12}$/)),
  userName: z.string().check(z.regex(IAM_USER_NAME)),
  /** The user's unique id (`AIDA…`): a user deleted and made again under the same name is another user. */
  userId: z.string().check(z.regex(IAM_USER_ID)),
  secretArn: z.string().check(z.regex(SECRET_ARN)),
  overlapSeconds: z.int().check(z.nonnegative()),
  gracePeriodSeconds: z.int().check(z.nonnegative()),
  maximumKeyAgeSeconds: z.int().check(z.positive()),
  /**
   * How long after one rotation the next one may begin at the latest: the schedule's longest gap and its window. Absent
   * in settings that an earlier version wrote, until the next `apply`.
   */
  rotatedWithinSeconds: z.optional(z.int().check(z.positive())),
  /** What becomes of a previous key whose overlap is over and that is still in use. */
  whenStillInUse: z.enum(['hold', 'retire']),
  /** Unmanaged keys that are to be retired like previous ones. */
  takeOver: z.optional(z.union([z.literal('all'), z.array(z.string().check(z.minLength(16)))])),
  /** No rotation and no retirement until then. */
  exemption: z.optional(z.object({ reason: someText, until: storedInstant })),
  owner: z.optional(someText),
  /** The region whose SMTP password is stored with every key that is made from now on. */
  sesSmtp: z.optional(z.object({ region: someText })),
  /** Where every new key goes besides. Absent: nowhere. */
  deliver: z.optional(z.array(deliveryTargetSchema)),
  /** What has to be said, or seen, of the current key before a previous one is retired. Absent: nothing. */
  acknowledgement: z.optional(
    z.object({
      /** `command`: somebody's word. `use`: a use that IAM reports. `either`: the first of both. */
      by: z.enum(['command', 'use', 'either']),
      /** People are reminded so long after a promotion. */
      remindAfterSeconds: z.int().check(z.positive()),
      /** What becomes of a previous key that reaches the maximum key age without it. */
      atMaximumKeyAge: z.enum(['hold', 'retire']),
    }),
  ),
});

export type Settings = z.output<typeof settingsSchema>;

/** As it is stored: moments are ISO 8601 strings. */
export type StoredSettings = z.input<typeof settingsSchema>;
