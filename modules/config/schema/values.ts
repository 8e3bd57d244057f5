import * as z from 'zod';

import {
  IAM_PATH,
  KMS_KEY_ARN,
  MOST_TAGS,
  POLICY_ARN,
  REGION,
  ROLE_ARN,
  TAG_KEY,
  TAG_VALUE,
} from '../../aws/aws-values';
import { key } from './wording';

/** Tag maps are wide open in JSON schema's eyes, so that the pattern of the keys is said by `propertyNames`. */
export const tags = (description: string) =>
  key(
    z
      .record(
        z.string(),
        key(z.string().regex(TAG_VALUE), {
          description: "A tag's value.",
          rule: "a tag's value is a text of 1 to 256 letters, digits, spaces and _.:/=+-@; an empty one is refused because it makes Terraform's AWS provider drop other tags",
          write: (name, found) =>
            found !== undefined && /^[\w.:/=+@-]+$/.test(found)
              ? `${name}: "${found}"`
              : `${name}: some-value`,
        }),
      )
      .refine((map) => Object.keys(map).length <= MOST_TAGS)
      .meta({ propertyNames: { pattern: TAG_KEY.source } }),
    {
      description,
      absent: 'none',
      rule: `tags is a map of up to ${MOST_TAGS} texts`,
      write: () => 'tags: { team: platform }',
    },
  );

export const permissionsBoundaryArn = (description: string) =>
  key(z.string().regex(POLICY_ARN), {
    description,
    absent: 'none',
    rule: 'a permissions boundary is the ARN of a managed policy',
    write: 'arn:aws:iam::111122223333:policy/boundary',
  });

export const kmsKeyArn = (description: string, absent: string) =>
  key(z.string().regex(KMS_KEY_ARN), {
    description,
    absent,
    rule: 'a KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough',
    write: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  });

export const iamPath = (description: string) =>
  key(z.string().regex(IAM_PATH), {
    description,
    default: '/',
    rule: "an IAM path begins and ends with '/' and has at most 512 characters, without spaces",
    write: (name, found) => {
      const repaired = `/${(found ?? '').replace(/^\/+|\/+$/g, '')}/`;
      return `${name}: ${IAM_PATH.test(repaired) && repaired !== '//' ? repaired : '/service/'}`;
    },
  });

export const roleArn = (description: string, absent: string) =>
  key(z.string().regex(ROLE_ARN), {
    description,
    absent,
    rule: 'a role is named by its ARN',
    write: 'arn:aws:iam::111122223333:role/terraform',
  });

export const region = (description: string) =>
  key(z.string().regex(REGION), {
    description,
    rule: 'a region is the short name of an AWS region',
    write: 'eu-west-1',
  });

export const replicaRegions = (description: string) =>
  key(
    z
      .record(
        z.string(),
        key(
          z.strictObject({
            kmsKeyArn: kmsKeyArn(
              'The customer key that encrypts the copy; a key of its own region.',
              "the account's `aws/secretsmanager` key of that region",
            ).optional(),
          }),
          {
            description: 'A region that gets a copy of the secret.',
            rule: 'a region is a map with kmsKeyArn; {} if nothing is to be said',
            write: '{}',
          },
        ),
      )
      .meta({ propertyNames: { pattern: REGION.source } }),
    {
      description,
      absent: 'none',
      rule: 'replicaRegions is a map of regions',
      write: '{ eu-central-1: {} }',
    },
  );

/** `yes`, `on` and the like are texts in YAML 1.2. */
export const flag = (description: string) =>
  key(z.boolean(), {
    description,
    default: false,
    rule: 'a yes or no is written true or false, without quotes',
    write: (name, found) => `${name}: ${/^(no|off|false|n|0)$/i.test(found ?? '') ? 'false' : 'true'}`,
  });
