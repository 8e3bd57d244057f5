import * as z from 'zod';

import { S3_BUCKET } from '../../aws/aws-values';
import { HTTP_ADDRESS, HTTP_METHOD } from '../http-address';
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

const address = (about: { description: string; absent?: string; write: string }) =>
  key(z.string().regex(HTTP_ADDRESS), {
    ...about,
    rule: 'an address begins with https:// (or http://) and has no spaces',
    mayHoldSecret: true,
  });

const method = (description: string, byDefault: string) =>
  key(z.string().regex(HTTP_METHOD), {
    description,
    default: byDefault,
    rule: 'an HTTP method is a word in capital letters',
    write: byDefault,
  }).optional();

export const httpBackendSchema = key(
  z.strictObject({
    address: address({
      description:
        'The address of the state; no two stacks share it. Who may use it is said in the environment of Terraform, by `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`.',
      write: 'https://gitlab.example.com/api/v4/projects/42/terraform/state/production',
    }),
    lockAddress: address({
      description: 'The address to lock the state at. GitLab: `<address>/lock`.',
      absent: 'the state is not locked',
      write: 'https://gitlab.example.com/api/v4/projects/42/terraform/state/production/lock',
    }).optional(),
    unlockAddress: address({
      description: 'The address to unlock the state at.',
      absent: '`lockAddress`',
      write: 'https://gitlab.example.com/api/v4/projects/42/terraform/state/production/lock',
    }).optional(),
    updateMethod: method('How the state is written.', 'POST'),
    lockMethod: method('How the state is locked. GitLab: `POST`.', 'LOCK'),
    unlockMethod: method('How the state is unlocked. GitLab: `DELETE`.', 'UNLOCK'),
  }),
  {
    description: 'State behind an HTTP address, as GitLab offers it.',
    rule: 'http is a map with an address',
    write:
      '{ address: https://gitlab.example.com/api/v4/projects/42/terraform/state/production, lockAddress: https://gitlab.example.com/api/v4/projects/42/terraform/state/production/lock, lockMethod: POST, unlockMethod: DELETE }',
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
