import * as z from 'zod';

import { IAM_USER_NAME } from '../../../contract/names';
import {
  ACCESS_KEY_ID,
  ACCOUNT_ID,
  IAM_GROUP_NAME,
  IAM_POLICY_NAME,
  MOST_CHARACTERS_OF_INLINE_POLICIES,
  MOST_GROUPS_OF_USER,
  READER_ARN,
  TAG_VALUE,
} from '../../aws/aws-values';
import { LONGEST_NAME, RESERVED_STABLE_KEYS, STABLE_KEY_RULE } from '../../aws/names';
import { UTC_DATE_OR_TIME } from '../moment';
import {
  iamPath,
  kmsKeyArn,
  permissionsBoundaryArn,
  policyArn,
  region,
  replicaRegions,
  tags,
} from './aws-keys';
import { flag, list, map, mapOf, text } from './builders';
import { acknowledgement } from './acknowledgement';
import { deliver } from './deliver';
import { type Condition, described } from './description';
import { inlinePolicy } from './inline-policy';
import { rotationKeys } from './rotation';

/** It stands in log lines and reports. */
const REASON = /^(?=.*\S).{1,256}$/u;

/** What only the creator of a user decides: of an existing one Terraform looks up name and path. */
const IF_USER_IS_OURS: Condition = {
  key: 'existing',
  isMet: (existing) => existing !== true,
  rule: (name) => `with existing: true the IAM user stays as it is, so ${name} is not for this file`,
  write: (name) => `no ${name}, or import: true instead of existing: true`,
};

const reader = text(READER_ARN, {
  description: 'ARN of a role, a user or (`:root`) an account.',
  type: 'ARN of a role, a user or an account',
  arn: { what: 'the reader' },
  rule: 'a reader is the ARN of a role, of a user, or of an account (:root), without wildcards',
  example: 'arn:aws:iam::111122223333:role/ci',
  repair: (found) => (ACCOUNT_ID.test(found) ? `arn:aws:iam::${found}:root` : ''),
});

const foreignKeys = list(
  text(ACCESS_KEY_ID, {
    description: 'Id of an access key of the IAM user.',
    rule: 'an access key is named by its id, which begins with AKIA; its secret is never written here',
    example: 'AKIAIOSFODNN7EXAMPLE, from aws iam list-access-keys',
  }),
  {
    description: 'Ids of access keys of the IAM user.',
    of: 'access key ids',
    min: 1,
    max: 10,
    unique: true,
    example: '[AKIAIOSFODNN7EXAMPLE]',
  },
);

export const userSchema = map(
  {
    userName: text(IAM_USER_NAME, {
      description: "The IAM user's name.",
      absent: 'the stable key',
      rule: 'an IAM user name is a text of 1 to 64 letters, digits and +=,.@_-',
      example: 'legacy.mailer',
    }).optional(),
    existing: flag({
      description:
        'The IAM user is there already: it is taken over, and neither created nor changed nor deleted.',
    }).default(false),
    import: flag({
      description:
        'The IAM user is there already: Terraform takes it into its state, and from then on it is as if it had been created here.',
    }).default(false),
    decommission: flag({
      description:
        'Announces that the entry will be removed. Removing a user takes two applies: this, then the entry.',
    }).default(false),
    path: iamPath({ description: "The IAM user's path.", onlyIf: IF_USER_IS_OURS }).default('/'),
    policyArns: list(policyArn, {
      description:
        'Managed policies to attach to the IAM user: what its key may do. IAM allows 10, on request 20.',
      absent: 'none',
      onlyIf: IF_USER_IS_OURS,
      of: 'policy ARNs',
      max: 20,
      unique: true,
      example: '[arn:aws:iam::aws:policy/ReadOnlyAccess]',
    }).default([]),
    inlinePolicies: mapOf(inlinePolicy, {
      description: `Policies that the IAM user alone has, by name: policy documents in IAM's own words. Together they have up to ${MOST_CHARACTERS_OF_INLINE_POLICIES} characters as JSON. Without \`Version\` it is \`2012-10-17\`.`,
      absent: 'none',
      onlyIf: IF_USER_IS_OURS,
      of: 'policy documents by name',
      keys: IAM_POLICY_NAME,
      example:
        "{ read-reports: { Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }] } }",
    }).default({}),
    groups: list(
      text(IAM_GROUP_NAME, {
        description: 'Name of an IAM group.',
        rule: 'a group is named by its name, a text of 1 to 128 letters, digits and +=,.@_-',
        example: 'mailers',
      }),
      {
        description:
          'IAM groups that the user is put into; they are there already. Other groups that it is in stay as they are.',
        absent: 'none',
        onlyIf: IF_USER_IS_OURS,
        of: 'names of groups',
        max: MOST_GROUPS_OF_USER,
        unique: 'withoutCase',
        example: '[mailers]',
      },
    ).default([]),
    readers: list(reader, {
      description:
        'Who may read the secret, beside those whom their own policies allow it. In another account they need `kmsKeyArn`. A role or user need not exist yet; a misspelt one is not noticed, and admits nobody.',
      absent: 'none',
      of: 'ARNs of roles, users or accounts',
      max: 50,
      unique: true,
      example: '[arn:aws:iam::111122223333:role/ci]',
    }).default([]),
    selfRenewal: flag({
      description:
        'The user may read its own secret: for an application outside AWS that has no credentials but the rotated key. Whoever steals the key can then read the next ones, too.',
    }).default(false),
    sesSmtp: map(
      {
        region: region('The AWS region of the SMTP interface: a password is valid in one region only.'),
      },
      {
        description:
          'Stores with each new key the SMTP user name and password that are made from it, for sending mail through Amazon SES. A change is in the secret from the next rotation on.',
        absent: 'none',
        example: '{ region: eu-west-1 }',
      },
    ).optional(),
    deliver: deliver.default([]),
    acknowledgement: acknowledgement.optional(),
    kmsKeyArn: kmsKeyArn({
      description: "The customer key that encrypts the user's secret, instead of the stack's.",
      absent: "the stack's",
      sameRegion: 'stack',
    }).optional(),
    replicaRegions: replicaRegions(
      "Further regions that get a copy of the user's secret, instead of the stack's. `{}`: none.",
      "the stack's",
    ).optional(),
    owner: text(TAG_VALUE, {
      description: 'The team or person that answers for the user; a tag on everything made for it.',
      absent: 'none',
      rule: 'an owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag',
      example: 'platform-team',
    }).optional(),
    tags: tags("Tags of the IAM user, its secret and its function; they win over the stack's.").default({}),
    permissionsBoundaryArn: permissionsBoundaryArn({
      description: "The IAM user's permissions boundary.",
      onlyIf: IF_USER_IS_OURS,
    }).optional(),
    takeOver: described(z.union([z.literal('all'), foreignKeys]), {
      description:
        'Keys of the IAM user that this product did not make and is to retire: they go through overlap and grace period, and are held for as long as they are in use. `all`, or their ids.',
      type: '`all`, or a list of 1 to 10 access key ids',
      absent: 'none: such keys are reported, and never changed',
      rule: () => 'takeOver is all, or a list of 1 to 10 access key ids',
      write: () => 'all, or [AKIAIOSFODNN7EXAMPLE]',
    }).optional(),
    exemption: map(
      {
        reason: text(REASON, {
          description: 'Why; it is in every report of the exemption.',
          rule: 'a reason is a text of 1 to 256 visible characters in one line',
          example: 'waits for the new mail gateway, ticket 4711',
        }),
        until: text(UTC_DATE_OR_TIME, {
          description:
            'The last day of the exemption (`2027-01-31`, until midnight UTC), or the moment of its end (`2027-01-31T18:00Z`). At most a year ahead.',
          type: 'Day, or day and time in UTC',
          rule: 'until is a day, or a day and a time in UTC',
          example: '2027-01-31',
        }),
      },
      {
        description:
          "No rotation and no retirement of the user's keys until a date. It is reported, and so is its end before it comes.",
        absent: 'none',
        example: '{ reason: "waits for the new mail gateway", until: 2027-01-31 }',
      },
    ).optional(),
    ...rotationKeys,
  },
  {
    description: `A rotated user. Its key in the file is its stable key: everything made for it is named after it. A stable key ${STABLE_KEY_RULE}, is unique without regard to case, and has up to ${LONGEST_NAME} characters together with the \`prefix\` and a hyphen; ${RESERVED_STABLE_KEYS.map((key) => `\`${key}\``).join(', ')} are reserved. An IAM user that is called otherwise has its name in \`userName\`.`,
    rule: 'a user is a map; {} if nothing more is to be said',
    example: '{}',
  },
);

/** As it is written. */
export type RawUser = z.input<typeof userSchema>;
