import type {
  GithubActionsTarget,
  HttpsTarget,
  ParameterTarget,
  RestartTarget,
  SecretTarget,
} from '../../contract/delivery';
import type { Settings } from '../../contract/settings';
import type * as z from 'zod';

import type { backendSchema } from './schema/backend';
import type { rotationKeys } from './schema/rotation';
import type { stackSchema } from './schema/stack';
import type { userSchema } from './schema/user';
import type { LogPolicy } from '../audit-trail/log-policy';

/*
 * What the constructs are given. It is inferred from the schema, where each key has its description; only what becomes
 * something else on the way is declared here.
 */

/** The whole of `rotation.yaml`, checked and resolved: every default is filled in, and it is deeply frozen. */
export interface Configuration {
  /** The file it was read from, as it was named. */
  readonly file: string;
  /** In the order of the file. */
  readonly stacks: readonly StackConfiguration[];
  /** What is allowed and yet worth a look; whoever loads the configuration prints it. */
  readonly warnings: readonly ConfigurationWarning[];
}

/** Something allowed, yet worth a look. Its text starts with the place, as an error's does. */
export interface ConfigurationWarning {
  /** `stacks.production.functions` */
  readonly path: string;
  /** One readable text: place, what was found, what it leads to, what to do. */
  readonly text: string;
}

/** Read-only at every depth. */
type Resolved<T> = T extends readonly (infer E)[]
  ? readonly Resolved<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Resolved<T[K]> }
    : T;

/** A stack of the file, with the defaults filled in. */
export type ParsedStack = z.output<typeof stackSchema>;
/** A user of the file, with the defaults filled in, save those of its rotation. */
export type ParsedUser = z.output<typeof userSchema>;
export type ParsedBackend = z.output<typeof backendSchema>;

/** Keys of a stack that become something else. */
export const CONVERTED_STACK_KEYS = [
  'backend',
  'auditTrail',
  'auditRetentionDays',
  'auditKmsKeyArn',
  'replicaRegions',
  'defaults',
  'users',
  'include',
  'allow',
  'shards',
  'leakDrill',
] as const satisfies readonly (keyof ParsedStack)[];

/** One Terraform stack: an account, a region and a state. */
export type StackConfiguration = Resolved<Omit<ParsedStack, (typeof CONVERTED_STACK_KEYS)[number]>> & {
  /** Its key in the file: `[A-Za-z_][A-Za-z0-9_-]*`. Also the name of the folder under `cdktf.out/stacks`. */
  readonly name: string;
  /** `aws`, `aws-cn`, `aws-us-gov` …: follows from the region. */
  readonly partition: string;
  /** The prefix as it is written: of a shard that of the stack it belongs to. */
  readonly stackPrefix: string;
  /** Of its secrets' names, which the shards of a stack share; the stack's prefix unless the file says otherwise. */
  readonly secretPrefix: string;
  /** The stable key of its user for drills; undefined: it has none, or another shard has it. */
  readonly leakDrill?: string | undefined;
  /** The stack has shards, or is one: secrets whose names begin alike belong to others, too. */
  readonly sharded: boolean;
  /** Who lets EventBridge write to the log group of suspicious acts: of several shards, the first in the file. */
  readonly logPolicy: LogPolicy;
  readonly backend: BackendConfiguration;
  readonly auditTrail: AuditTrailConfiguration;
  /** In the order of the file. */
  readonly users: readonly UserConfiguration[];
};

/** `none`: there is no trail to build on. `existing`: somebody else's. `create`: one is made. */
export type AuditTrailConfiguration =
  { readonly kind: 'none' } | { readonly kind: 'existing' } | NewAuditTrailConfiguration;

export interface NewAuditTrailConfiguration {
  readonly kind: 'create';
  /** How long its records are kept: 90 to 3653. */
  readonly retentionDays: number;
  /** Encrypts the records; absent: S3's own key. */
  readonly kmsKeyArn?: string | undefined;
}

export type FunctionLayout = ParsedStack['functions'];

export type BackendConfiguration =
  | LocalBackendConfiguration
  | S3BackendConfiguration
  | HttpBackendConfiguration
  | CloudBackendConfiguration
  | { readonly kind: 'none' };

export type CloudBackendConfiguration = Resolved<NonNullable<ParsedBackend['cloud']>> & {
  readonly kind: 'cloud';
};

export interface HttpBackendConfiguration {
  readonly kind: 'http';
  readonly address: string;
  readonly updateMethod: string;
  /** Absent: the state is not locked. */
  readonly lock?: HttpLock | undefined;
}

export interface HttpLock {
  readonly address: string;
  readonly method: string;
  readonly unlockAddress: string;
  readonly unlockMethod: string;
}

export interface LocalBackendConfiguration {
  readonly kind: 'local';
  /** As written: relative to the folder that the project is synthesized in, or absolute. Never in `cdktf.out`. */
  readonly path: string;
}

export type S3BackendConfiguration = Resolved<NonNullable<ParsedBackend['s3']>> & {
  readonly kind: 's3';
  /** The state is always encrypted. */
  readonly encrypt: true;
};

/** Keys of a user that become something else, beside those of its rotation. */
export const CONVERTED_USER_KEYS = [
  'replicaRegions',
  'inlinePolicies',
  'deliver',
  'acknowledgement',
] as const satisfies readonly (keyof ParsedUser)[];

/** One rotated user, with its effective values: its own, else those of `defaults`, else the product's. */
export type UserConfiguration = Resolved<
  Omit<ParsedUser, (typeof CONVERTED_USER_KEYS)[number] | keyof typeof rotationKeys>
> & {
  /** The stable key: Terraform addresses, function, role, secret and journal are named after it. */
  readonly key: string;
  /** The IAM user's name; the stable key unless the file says otherwise. */
  readonly userName: string;
  /** Encrypts the secret: the user's own, else the stack's; absent: the account's `aws/secretsmanager` key. */
  readonly kmsKeyArn?: string | undefined;
  /** Policies that the IAM user alone has: the documents as JSON, by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  /** Regions that the secret is copied to, beside the stack's own. */
  readonly replicas: readonly ReplicaConfiguration[];
  readonly schedule: RotationSchedule;
  readonly overlapSeconds: number;
  readonly gracePeriodSeconds: number;
  readonly maximumKeyAgeSeconds: number;
  /** `hold` only with an overlap of at least 6 hours. */
  readonly whenStillInUse: 'hold' | 'retire';
  /** Where every new key goes besides; empty: nowhere. */
  readonly deliver: readonly TargetConfiguration[];
  /** What a previous key waits for besides. Absent: nothing. */
  readonly acknowledgement?: Settings['acknowledgement'];
};

/**
 * A delivery target. Only Terraform has to know what encrypts another secret, or the secret of a token: Secrets Manager uses it by
 * itself.
 */
export type TargetConfiguration =
  | ((SecretTarget | GithubActionsTarget | HttpsTarget) & { readonly kmsKeyArn?: string | undefined })
  | ParameterTarget
  | RestartTarget;

/** A copy of a secret in another region, which only Secrets Manager writes. */
export interface ReplicaConfiguration {
  readonly region: string;
  /** Encrypts the copy; absent: the account's `aws/secretsmanager` key of that region. */
  readonly kmsKeyArn?: string | undefined;
}

/** When Secrets Manager rotates. */
export interface RotationSchedule {
  /** `schedule_expression` of the rotation rules: `cron(0 13 17 1,3,5,7,9,11 ? *)`. */
  readonly expression: string;
  /** How long after its start a rotation may begin; `duration` of the rotation rules is `<windowHours>h`. */
  readonly windowHours: number;
  /** Days between the starts of two windows that follow each other: at most. */
  readonly longestGapDays: number;
  /** Days between the starts of two windows that follow each other: at least. */
  readonly shortestGapDays: number;
}
