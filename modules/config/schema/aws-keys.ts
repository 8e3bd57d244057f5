import {
  IAM_PATH,
  KNOWN_REGIONS,
  KMS_KEY_ARN,
  MOST_TAGS,
  POLICY_ARN,
  REGION,
  ROLE_ARN,
  TAG_KEY,
  TAG_VALUE,
  TAG_VALUE_RULE,
} from '../../aws/aws-values';
import { suggest } from '../suggest';
import { list, map, mapOf, text } from './builders';
import type { ArnOfStack, Condition } from './description';

/* Keys that several maps of the file have, and that mean something of AWS. */

const tagValue = text(TAG_VALUE, {
  description: "A tag's value.",
  rule: TAG_VALUE_RULE,
  example: 'some-value',
});

export const tags = (description: string) =>
  mapOf(tagValue, {
    description,
    absent: 'none',
    of: 'texts',
    keys: TAG_KEY,
    max: MOST_TAGS,
    example: '{ team: platform }',
  });

const tagKeys = (description: string, what: string, example: string) =>
  list(
    text(TAG_KEY, { description: `${what}.`, rule: `${what} is a text of 1 to 128 characters`, example }),
    {
      description,
      absent: 'none',
      of: 'texts',
      min: 1,
      max: 50,
      unique: true,
      example: `[${example}]`,
    },
  );

export const ignoreTags = map(
  {
    keys: tagKeys('The keys of the tags.', "A tag's key", 'map-migrated').optional(),
    keyPrefixes: tagKeys(
      'What the keys of the tags begin with.',
      "The beginning of a tag's key",
      'AutoTag',
    ).optional(),
  },
  {
    description:
      'Tags that somebody else writes, such as an automatic tagger: Terraform leaves them as they are, and does not plan to take them off.',
    absent: 'Terraform takes off what it does not know',
    example: '{ keyPrefixes: [AutoTag] }',
  },
);

const IN_ACCOUNT = { what: 'the policy', sameAccount: true } satisfies ArnOfStack;

export const policyArn = text(POLICY_ARN, {
  description: 'ARN of a managed policy.',
  type: 'ARN of a managed policy',
  arn: IN_ACCOUNT,
  rule: 'a policy is named by the ARN of a managed policy',
  example: 'arn:aws:iam::aws:policy/ReadOnlyAccess, or one of your own account',
});

export const permissionsBoundaryArn = (about: {
  readonly description: string;
  readonly onlyIf?: Condition;
}) =>
  text(POLICY_ARN, {
    ...about,
    type: 'ARN of a managed policy',
    absent: 'none',
    arn: IN_ACCOUNT,
    rule: 'a permissions boundary is the ARN of a managed policy',
    example: 'arn:aws:iam::111122223333:policy/boundary',
  });

interface AboutKmsKey {
  readonly description: string;
  /** What encrypts without it. */
  readonly absent: string;
  /** The region that the key must be in. */
  readonly sameRegion?: ArnOfStack['sameRegion'];
  readonly onlyIf?: Condition;
}

export const kmsKeyArn = ({ sameRegion, ...about }: AboutKmsKey) =>
  text(KMS_KEY_ARN, {
    ...about,
    type: 'ARN of a KMS key',
    arn: sameRegion && {
      what: 'the KMS key',
      sameRegion,
      inRegion: (region) => `the ARN of a key in ${region}, or of a multi-region key's replica there`,
    },
    rule: 'a KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough',
    example: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  });

export const iamPath = (about: { readonly description: string; readonly onlyIf?: Condition }) =>
  text(IAM_PATH, {
    ...about,
    rule: "an IAM path begins and ends with '/' and has at most 512 characters, without spaces",
    example: '/service/',
    repair: (found) => `/${found.split('/').filter(Boolean).join('/')}/`,
  });

export const roleArn = (description: string, absent: string, arn?: ArnOfStack) =>
  text(ROLE_ARN, {
    description,
    type: 'ARN of a role',
    absent,
    arn,
    rule: 'a role is named by its ARN',
    example: 'arn:aws:iam::111122223333:role/terraform',
  });

export const region = (description: string) =>
  text(REGION, {
    description,
    type: 'Name of a region',
    rule: 'a region is the short name of an AWS region',
    example: 'eu-west-1',
    repair: (found) => suggest(found, KNOWN_REGIONS) ?? '',
  });

const copy = map(
  {
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts the copy; a key of its own region.',
      absent: "the account's `aws/secretsmanager` key of that region",
      sameRegion: 'map',
    }).optional(),
  },
  {
    description: 'A region that gets a copy of the secret.',
    rule: 'a region is a map with kmsKeyArn; {} if nothing is to be said',
    example: '{}',
  },
);

export const replicaRegions = (description: string, absent: string) =>
  mapOf(copy, { description, absent, of: 'regions', keys: REGION, example: '{ eu-central-1: {} }' });
