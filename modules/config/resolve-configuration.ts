import { partitionOf } from './aws-values';
import type {
  BackendConfiguration,
  Configuration,
  Exemption,
  StackConfiguration,
  UserConfiguration,
} from './configuration';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
  DEFAULT_SECRET_RECOVERY_DAYS,
} from './default-values';
import { mergeRotation, scheduleOf } from './effective-rotation';
import { parseEnd } from './moment';
import { DEFAULT_PREFIX } from './names';
import type { RawConfiguration } from './schema/configuration';
import type { RawRotation } from './schema/rotation';
import type { RawStack } from './schema/stack';
import type { RawUser } from './schema/user';
import { defaultStatePath } from './state-path';
import { warningsOf } from './warnings';

/** Fills in the defaults. The raw configuration has passed all checks. */
export function resolveConfiguration(file: string, raw: RawConfiguration, now: number): Configuration {
  const stacks = Object.entries(raw.stacks).map(([name, stack]) =>
    resolveStack(name, stack, raw.defaults ?? {}),
  );
  return deepFreeze({ file, stacks, warnings: warningsOf(stacks, now) });
}

function resolveStack(name: string, raw: RawStack, defaults: RawRotation): StackConfiguration {
  return {
    name,
    accountId: raw.accountId,
    region: raw.region,
    partition: partitionOf(raw.region),
    prefix: raw.prefix ?? DEFAULT_PREFIX,
    ...given('deployRoleArn', raw.deployRoleArn),
    backend: resolveBackend(name, raw.backend),
    functions: raw.functions ?? 'per-user',
    ...given('kmsKeyArn', raw.kmsKeyArn),
    ...given('permissionsBoundaryArn', raw.permissionsBoundaryArn),
    rolePath: raw.rolePath ?? '/',
    tags: { ...raw.tags },
    logRetentionDays: raw.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    ...given('logKmsKeyArn', raw.logKmsKeyArn),
    protection: raw.protection !== 'off',
    secretRecoveryDays: raw.secretRecoveryDays ?? DEFAULT_SECRET_RECOVERY_DAYS,
    retirement: raw.retirement ?? 'act',
    maximumDeletionsPerRun: raw.maximumDeletionsPerRun ?? DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
    users: Object.entries(raw.users).map(([key, user]) => resolveUser(key, user, raw, defaults)),
  };
}

function resolveBackend(stackName: string, raw: RawStack['backend']): BackendConfiguration {
  if (raw?.s3 !== undefined) {
    const { bucket, key, region, useLockfile = true, kmsKeyId, roleArn } = raw.s3;
    return {
      kind: 's3',
      bucket,
      key,
      region,
      useLockfile,
      encrypt: true,
      ...given('kmsKeyId', kmsKeyId),
      ...given('roleArn', roleArn),
    };
  }
  return { kind: 'local', path: raw?.local?.path ?? defaultStatePath(stackName) };
}

function resolveUser(key: string, raw: RawUser, stack: RawStack, defaults: RawRotation): UserConfiguration {
  const rotation = mergeRotation(defaults, raw);
  return {
    key,
    userName: raw.userName ?? key,
    existing: raw.existing ?? false,
    decommission: raw.decommission ?? false,
    path: raw.path ?? '/',
    policyArns: [...(raw.policyArns ?? [])],
    readers: [...(raw.readers ?? [])],
    ...given('owner', raw.owner),
    tags: { ...stack.tags, ...raw.tags },
    ...given('permissionsBoundaryArn', raw.permissionsBoundaryArn),
    schedule: scheduleOf(key, rotation),
    overlapSeconds: rotation.overlapSeconds,
    gracePeriodSeconds: rotation.gracePeriodSeconds,
    maximumKeyAgeSeconds: rotation.maximumKeyAgeSeconds,
    whenStillInUse: rotation.whenStillInUse,
    ...(raw.takeOver === undefined
      ? {}
      : { takeOver: raw.takeOver === 'all' ? raw.takeOver : [...raw.takeOver] }),
    ...(raw.exemption === undefined ? {} : { exemption: resolveExemption(raw.exemption) }),
  };
}

function resolveExemption({ reason, until }: NonNullable<RawUser['exemption']>): Exemption {
  return { reason, until: new Date(parseEnd(until) ?? NaN).toISOString() };
}

/** What is not given is absent, not `undefined`. */
function given<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const part: Partial<Record<string, string>> = value === undefined ? {} : { [key]: value };
  return part;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  }
  return Object.freeze(value);
}
