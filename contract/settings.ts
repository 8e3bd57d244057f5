import * as z from 'zod';

import { deliveryTargetSchema } from './delivery';
import { IAM_USER_NAME } from './names';
import { STABLE_KEY } from './stable-key';
import { storedInstant } from './stored-instant';

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
  stableKey: z.string().regex(STABLE_KEY),
  accountId: z.string().regex(/^\d{12}$/),
  userName: z.string().regex(IAM_USER_NAME),
  /** The user's unique id (`AIDA…`): a user deleted and made again under the same name is another user. */
  userId: z.string().regex(IAM_USER_ID),
  secretArn: z.string().regex(SECRET_ARN),
  overlapSeconds: z.number().int().nonnegative(),
  gracePeriodSeconds: z.number().int().nonnegative(),
  maximumKeyAgeSeconds: z.number().int().positive(),
  /**
   * How long after one rotation the next one may begin at the latest: the schedule's longest gap and its window. Absent
   * in settings that an earlier version wrote, until the next `apply`.
   */
  rotatedWithinSeconds: z.number().int().positive().optional(),
  /** What becomes of a previous key whose overlap is over and that is still in use. */
  whenStillInUse: z.enum(['hold', 'retire']),
  /** Unmanaged keys that are to be retired like previous ones. */
  takeOver: z.union([z.literal('all'), z.array(z.string().min(16))]).optional(),
  /** No rotation and no retirement until then. */
  exemption: z.object({ reason: z.string().min(1), until: storedInstant }).optional(),
  owner: z.string().min(1).optional(),
  /** The region whose SMTP password is stored with every key that is made from now on. */
  sesSmtp: z.object({ region: z.string().min(1) }).optional(),
  /** Where every new key goes besides. Absent: nowhere. */
  deliver: z.array(deliveryTargetSchema).optional(),
  /** What has to be said, or seen, of the current key before a previous one is retired. Absent: nothing. */
  acknowledgement: z
    .object({
      /** `command`: somebody's word. `use`: a use that IAM reports. `either`: the first of both. */
      by: z.enum(['command', 'use', 'either']),
      /** People are reminded so long after a promotion. */
      remindAfterSeconds: z.number().int().positive(),
      /** What becomes of a previous key that reaches the maximum key age without it. */
      atMaximumKeyAge: z.enum(['hold', 'retire']),
    })
    .optional(),
});

export type Settings = z.output<typeof settingsSchema>;

/** As it is stored: moments are ISO 8601 strings. */
export type StoredSettings = z.input<typeof settingsSchema>;
