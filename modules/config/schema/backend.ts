import * as z from 'zod';

import { S3_BUCKET } from '../aws-values';
import { kmsKeyArn, region, roleArn } from './values';
import { key } from './wording';

export const s3BackendSchema = key(
  z.strictObject({
    bucket: key(z.string().regex(S3_BUCKET), {
      description: 'The bucket; it has to be there already.',
      rule: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
      write: 'tf-state',
    }),
    key: key(z.string().regex(/^[^/\s][^\s]{0,1022}$/), {
      description: 'The object that holds the state; no two stacks share it.',
      rule: "the state's object key is a text without spaces that does not begin with '/'",
      write: 'iam-key-rotation/production.tfstate',
    }),
    region: region('The region of the bucket.'),
    useLockfile: key(z.boolean(), {
      description: 'Lock the state by a file beside it (Terraform 1.10 and newer).',
      default: true,
      rule: 'a yes or no is written true or false, without quotes',
      write: 'true',
    }).optional(),
    kmsKeyId: kmsKeyArn('Encrypts the state.', "the bucket's own encryption").optional(),
    roleArn: roleArn(
      'The role to reach the bucket with.',
      'the credentials that Terraform runs with',
    ).optional(),
  }),
  {
    description: 'State in S3, always encrypted.',
    rule: 's3 is a map with bucket, key and region',
    write: '{ bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 }',
  },
);

export const localBackendSchema = key(
  z.strictObject({
    path: key(z.string().regex(/^[^\0\s][^\0\n]{0,1023}$/), {
      description: "The state file, relative to the project's folder.",
      absent: '`terraform-state/<stack>.tfstate`',
      rule: 'a path is a text',
      write: 'terraform-state/production.tfstate',
    }).optional(),
  }),
  {
    description: 'State in a local file: to try it out, not for a team.',
    rule: 'local is a map with a path; {} for the default path',
    write: '{ path: terraform-state/production.tfstate }',
  },
);
