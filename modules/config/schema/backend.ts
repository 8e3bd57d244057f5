import { S3_BUCKET } from '../../aws/aws-values';
import { HTTP_ADDRESS, HTTP_METHOD } from '../http-address';
import { kmsKeyArn, region, roleArn } from './aws-keys';
import { flag, map, text } from './builders';
import type { Condition } from './description';

const s3Schema = map(
  {
    bucket: text(S3_BUCKET, {
      description: 'The bucket; it has to be there already.',
      rule: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
      example: 'tf-state',
    }),
    key: text(/^[^/\s][^\s]{0,1022}$/, {
      description: 'The object that holds the state; no two stacks share it.',
      rule: "the state's object key is a text of visible characters without spaces that does not begin with '/'",
      example: 'iam-key-rotation/production.tfstate',
    }),
    region: region('The region of the bucket.'),
    useLockfile: flag({
      description: 'Lock the state by a file beside it (Terraform 1.10 and newer).',
    }).default(true),
    kmsKeyId: kmsKeyArn({
      description: 'Encrypts the state.',
      absent: "the bucket's own encryption",
    }).optional(),
    roleArn: roleArn(
      'The role to reach the bucket with.',
      'the credentials that Terraform runs with',
    ).optional(),
  },
  {
    description: 'State in S3, always encrypted.',
    example: '{ bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 }',
  },
);

const IF_LOCKED: Condition = {
  key: 'lockAddress',
  isMet: (lockAddress) => lockAddress !== undefined,
  rule: () => 'without lockAddress the state is not locked',
  write: (name) => `lockAddress: <address>/lock beside it, or no ${name}`,
};

interface AboutAddress {
  readonly description: string;
  readonly absent?: string;
  readonly example: string;
  readonly onlyIf?: Condition;
}

const address = (about: AboutAddress) =>
  text(HTTP_ADDRESS, {
    ...about,
    type: 'Address',
    rule: 'an address begins with https:// (or http://) and has visible characters without spaces',
    mayHoldSecret: true,
  });

const method = (description: string, example: string, onlyIf?: Condition) =>
  text(HTTP_METHOD, { description, onlyIf, rule: 'an HTTP method is a word in capital letters', example });

const GITLAB_STATE = 'https://gitlab.example.com/api/v4/projects/42/terraform/state/production';

const httpSchema = map(
  {
    address: address({
      description:
        'The address of the state; no two stacks share it. Who may use it is said in the environment of Terraform, by `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`.',
      example: GITLAB_STATE,
    }),
    lockAddress: address({
      description: 'The address to lock the state at. GitLab: `<address>/lock`.',
      absent: 'the state is not locked',
      example: `${GITLAB_STATE}/lock`,
    }).optional(),
    unlockAddress: address({
      description: 'The address to unlock the state at.',
      absent: '`lockAddress`',
      onlyIf: IF_LOCKED,
      example: `${GITLAB_STATE}/lock`,
    }).optional(),
    updateMethod: method('How the state is written.', 'POST').default('POST'),
    lockMethod: method('How the state is locked. GitLab: `POST`.', 'LOCK', IF_LOCKED).default('LOCK'),
    unlockMethod: method('How the state is unlocked. GitLab: `DELETE`.', 'UNLOCK', IF_LOCKED).default(
      'UNLOCK',
    ),
  },
  {
    description: 'State behind an HTTP address, as GitLab offers it.',
    example: `{ address: ${GITLAB_STATE}, lockAddress: ${GITLAB_STATE}/lock, lockMethod: POST, unlockMethod: DELETE }`,
  },
);

const localSchema = map(
  {
    path: text(/^[^\0\s][^\0\n]{0,1023}$/, {
      description: "The state file, relative to the project's folder.",
      absent: '`terraform-state/<stack>.tfstate`',
      rule: 'a path is a text of visible characters',
      example: 'terraform-state/production.tfstate',
    }).optional(),
  },
  {
    description: 'State in a local file: to try it out, not for a team.',
    rule: 'local is a map with a path; {} for the default path',
    example: '{ path: terraform-state/production.tfstate }',
  },
);

const NAME = /^[A-Za-z0-9_-]{1,90}$/;

/** https://developer.hashicorp.com/terraform/language/block/terraform#hostname */
export const HCP_TERRAFORM = 'app.terraform.io';

const cloudSchema = map(
  {
    organization: text(NAME, {
      description: 'The organization at HCP Terraform or Terraform Enterprise.',
      rule: "an organization's name has letters, digits, _ and -",
      example: 'example',
    }),
    workspace: text(NAME, {
      description: 'The workspace that holds the state; no two stacks share it.',
      rule: "a workspace's name has letters, digits, _ and -, 90 at most",
      example: 'iam-key-rotation-production',
    }),
    hostname: text(/^[A-Za-z0-9.-]{1,253}$/, {
      description: 'The host of Terraform Enterprise.',
      rule: 'a host is named without https:// and path',
      example: 'terraform.example.com',
    }).default(HCP_TERRAFORM),
  },
  {
    description:
      'State at HCP Terraform or Terraform Enterprise. Who may use it is said by `terraform login` or `TF_TOKEN_<host>`.',
    example: '{ organization: example, workspace: iam-key-rotation-production }',
  },
);

const noneSchema = map(
  {},
  {
    description:
      'No backend in the synthesized file, because whoever runs Terraform says it: Spacelift, env0, Terragrunt, a file `backend.tf` beside it.',
    rule: 'none is an empty map: {}',
    example: '{}',
  },
);

export const backendSchema = map(
  {
    s3: s3Schema.optional(),
    http: httpSchema.optional(),
    cloud: cloudSchema.optional(),
    local: localSchema.optional(),
    none: noneSchema.optional(),
  },
  {
    description: 'Where Terraform keeps the state. One of these.',
    absent: 'local, in `terraform-state/<stack>.tfstate`',
    rule: 'a backend is one of s3, http, cloud, local and none',
    example: '{ s3: { bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 } }',
  },
);
