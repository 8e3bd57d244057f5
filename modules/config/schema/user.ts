import * as z from 'zod';

import {
  ACCESS_KEY_ID,
  ACCOUNT_ID,
  IAM_USER_NAME,
  POLICY_ARN,
  READER_ARN,
  TAG_VALUE,
} from '../../aws/aws-values';
import { UTC_DATE_OR_TIME } from '../moment';
import { rotationKeys } from './rotation';
import { flag, iamPath, permissionsBoundaryArn, region, replicaRegions, tags } from './values';
import { key } from './wording';

/** It stands in log lines and reports. */
const REASON = /^(?=.*\S)[^\p{Cc}]{1,256}$/u;

export const userSchema = key(
  z.strictObject({
    userName: key(z.string().regex(IAM_USER_NAME), {
      description: "The IAM user's name.",
      absent: 'the stable key',
      rule: 'an IAM user name is a text of 1 to 64 letters, digits and +=,.@_-',
      write: (name, found) =>
        found !== undefined && IAM_USER_NAME.test(found) ? `${name}: "${found}"` : `${name}: legacy.mailer`,
    }).optional(),
    existing: flag(
      'The IAM user is there already: it is taken over, and neither created nor changed nor deleted.',
    ).optional(),
    import: flag(
      'The IAM user is there already: Terraform takes it into its state, and from then on it is as if it had been created here.',
    ).optional(),
    decommission: flag(
      'Announces that the entry will be removed. Removing a user takes two applies: this, then the entry.',
    ).optional(),
    path: iamPath("The IAM user's path.").optional(),
    policyArns: key(
      z
        .array(
          key(z.string().regex(POLICY_ARN), {
            description: 'ARN of a managed policy.',
            rule: 'a policy is named by the ARN of a managed policy',
            write: () => 'arn:aws:iam::aws:policy/ReadOnlyAccess, or one of your own account',
          }),
        )
        .max(20),
      {
        description:
          'Managed policies to attach to the IAM user: what its key may do. IAM allows 10, on request 20.',
        absent: 'none',
        rule: 'policyArns is a list of up to 20 policy ARNs',
        write: '[arn:aws:iam::aws:policy/ReadOnlyAccess]',
      },
    ).optional(),
    readers: key(
      z
        .array(
          key(z.string().regex(READER_ARN), {
            description: 'ARN of a role, a user or (`:root`) an account.',
            rule: 'a reader is the ARN of a role, of a user, or of an account (:root), without wildcards',
            write: (_name, found) =>
              found !== undefined && ACCOUNT_ID.test(found)
                ? `arn:aws:iam::${found}:root`
                : 'arn:aws:iam::111122223333:role/ci',
          }),
        )
        .max(50),
      {
        description:
          'Who may read the secret, beside those whom their own policies allow it. In another account they need `kmsKeyArn`.',
        absent: 'none',
        rule: 'readers is a list of up to 50 ARNs of roles, users or accounts',
        write: '[arn:aws:iam::111122223333:role/ci]',
      },
    ).optional(),
    selfRenewal: flag(
      'The user may read its own secret: for an application outside AWS that has no credentials but the rotated key. Whoever steals the key can then read the next ones, too.',
    ).optional(),
    sesSmtp: key(
      z.strictObject({
        region: region('The AWS region of the SMTP interface: a password is valid in one region only.'),
      }),
      {
        description:
          'Stores with each new key the SMTP user name and password that are made from it, for sending mail through Amazon SES. A change is in the secret from the next rotation on.',
        absent: 'none',
        rule: 'sesSmtp is a map with region',
        write: '{ region: eu-west-1 }',
      },
    ).optional(),
    replicaRegions: replicaRegions(
      "Further regions that get a copy of the user's secret, instead of the stack's. `{}`: none.",
    ).optional(),
    owner: key(z.string().regex(TAG_VALUE), {
      description: 'The team or person that answers for the user; a tag on everything made for it.',
      absent: 'none',
      rule: 'an owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag',
      write: (name, found) =>
        found !== undefined && /^[\w.:/=+@-]+$/.test(found)
          ? `${name}: "${found}"`
          : `${name}: platform-team`,
    }).optional(),
    tags: tags("Tags of the IAM user, its secret and its function; they win over the stack's.").optional(),
    permissionsBoundaryArn: permissionsBoundaryArn("The IAM user's permissions boundary.").optional(),
    takeOver: key(
      z.union([
        z.literal('all'),
        z
          .array(
            key(z.string().regex(ACCESS_KEY_ID), {
              description: 'Id of an access key of the IAM user.',
              rule: 'an access key is named by its id, which begins with AKIA; its secret is never written here',
              write: () => 'AKIAIOSFODNN7EXAMPLE, from aws iam list-access-keys',
            }),
          )
          .min(1)
          .max(10),
      ]),
      {
        description:
          'Keys of the IAM user that this product did not make and is to retire: they go through overlap and grace period, and are held for as long as they are in use. `all`, or their ids.',
        absent: 'none: such keys are reported, and never changed',
        rule: 'takeOver is all, or a list of 1 to 10 access key ids',
        write: 'all, or [AKIAIOSFODNN7EXAMPLE]',
      },
    ).optional(),
    exemption: key(
      z.strictObject({
        reason: key(z.string().regex(REASON), {
          description: 'Why; it is in every report of the exemption.',
          rule: 'a reason is a text of 1 to 256 characters in one line',
          write: 'waits for the new mail gateway, ticket 4711',
        }),
        until: key(z.string().regex(UTC_DATE_OR_TIME), {
          description:
            'The last day of the exemption (`2027-01-31`, until midnight UTC), or the moment of its end (`2027-01-31T18:00Z`). At most a year ahead.',
          rule: 'until is a day, or a day and a time in UTC',
          write: '2027-01-31',
        }),
      }),
      {
        description:
          "No rotation and no retirement of the user's keys until a date. It is reported, and so is its end before it comes.",
        absent: 'none',
        rule: 'exemption is a map with reason and until',
        write: '{ reason: "waits for the new mail gateway", until: 2027-01-31 }',
      },
    ).optional(),
    ...rotationKeys,
  }),
  {
    description:
      'A rotated user. Its key in the file is its stable key: everything made for it is named after it.',
    rule: 'a user is a map; {} if nothing more is to be said',
    write: '{}',
  },
);

export type RawUser = z.output<typeof userSchema>;
