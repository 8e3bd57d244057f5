import { partitionOf } from '../aws/aws-values';
import type {
  AlertsConfiguration,
  AuditTrailConfiguration,
  BackendConfiguration,
  Configuration,
  Exemption,
  HttpBackendConfiguration,
  ReplicaConfiguration,
  StackConfiguration,
  UserConfiguration,
} from './configuration';
import {
  DEFAULT_AUDIT_RETENTION_DAYS,
  DEFAULT_LOG_RETENTION_DAYS,
  DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
  DEFAULT_RUNBOOK_URL,
  DEFAULT_SECRET_RECOVERY_DAYS,
} from '../aws/default-values';
import { inheritRotation, mergeRotation, scheduleOf } from './effective-rotation';
import { parseEnd } from './moment';
import { DEFAULT_PREFIX } from '../aws/names';
import type { RawConfiguration } from './schema/configuration';
import type { RawRotation } from './schema/rotation';
import type { RawStack } from './schema/stack';
import type { RawUser } from './schema/user';
import { backendOf } from './shard-backend';
import { defaultStatePath } from './state-path';
import { nameOfShard, type Unit, unitsOf } from './units';
import { warningsOf } from './warnings';

/** Fills in the defaults. The raw configuration has passed all checks. */
export function resolveConfiguration(file: string, raw: RawConfiguration, now: number): Configuration {
  const stacks = Object.entries(raw.stacks ?? {}).flatMap(([name, stack]) =>
    unitsOf(name, stack).map((unit) => resolveStack(unit, stack, raw.defaults ?? {})),
  );
  return deepFreeze({ file, stacks, warnings: warningsOf(stacks, now) });
}

function resolveStack(unit: Unit, raw: RawStack, defaults: RawRotation): StackConfiguration {
  const { name, shard, users } = unit;
  const secretPrefix = raw.prefix ?? DEFAULT_PREFIX;
  const inherited = inheritRotation(defaults, raw.defaults);
  return {
    name,
    accountId: raw.accountId,
    region: raw.region,
    partition: partitionOf(raw.region),
    prefix: shard === undefined ? secretPrefix : nameOfShard(secretPrefix, shard),
    secretPrefix,
    sharded: raw.shards !== undefined,
    ...given('deployRoleArn', raw.deployRoleArn),
    ...given('deployRoleExternalId', raw.deployRoleExternalId),
    ...given('deployRoleSessionName', raw.deployRoleSessionName),
    backend: resolveBackend(name, backendOf(raw.backend, shard)),
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
    metrics: { perUser: raw.metrics?.perUser ?? false },
    alerts: resolveAlerts(raw.alerts),
    auditTrail: resolveAuditTrail(raw),
    dashboard: raw.dashboard ?? true,
    users: Object.entries(users).map(([key, user]) => resolveUser(key, user, raw, inherited)),
  };
}

function resolveAlerts(raw: RawStack['alerts']): AlertsConfiguration {
  return {
    emails: [...(raw?.emails ?? [])],
    topicArns: [...(raw?.topicArns ?? [])],
    runbookUrl: raw?.runbookUrl ?? DEFAULT_RUNBOOK_URL,
    perFunctionAlarms: raw?.perFunctionAlarms ?? true,
    ...given('kmsKeyArn', raw?.kmsKeyArn),
  };
}

function resolveAuditTrail(raw: RawStack): AuditTrailConfiguration {
  if (raw.auditTrail !== 'create') return { kind: raw.auditTrail ?? 'none' };
  return {
    kind: 'create',
    retentionDays: raw.auditRetentionDays ?? DEFAULT_AUDIT_RETENTION_DAYS,
    ...given('kmsKeyArn', raw.auditKmsKeyArn),
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
  if (raw?.http !== undefined) return resolveHttpBackend(raw.http);
  return { kind: 'local', path: raw?.local?.path ?? defaultStatePath(stackName) };
}

function resolveHttpBackend(
  raw: NonNullable<NonNullable<RawStack['backend']>['http']>,
): HttpBackendConfiguration {
  const { address, lockAddress, unlockAddress, updateMethod = 'POST' } = raw;
  const { lockMethod: method = 'LOCK', unlockMethod = 'UNLOCK' } = raw;
  return {
    kind: 'http',
    address,
    updateMethod,
    ...(lockAddress === undefined
      ? {}
      : {
          lock: { address: lockAddress, method, unlockAddress: unlockAddress ?? lockAddress, unlockMethod },
        }),
  };
}

function resolveUser(key: string, raw: RawUser, stack: RawStack, defaults: RawRotation): UserConfiguration {
  const rotation = mergeRotation(defaults, raw);
  return {
    key,
    userName: raw.userName ?? key,
    existing: raw.existing ?? false,
    import: raw.import ?? false,
    decommission: raw.decommission ?? false,
    path: raw.path ?? '/',
    policyArns: [...(raw.policyArns ?? [])],
    readers: [...(raw.readers ?? [])],
    selfRenewal: raw.selfRenewal ?? false,
    ...(raw.sesSmtp === undefined ? {} : { sesSmtp: { region: raw.sesSmtp.region } }),
    replicas: resolveReplicas(raw.replicaRegions ?? stack.replicaRegions ?? {}),
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

/** By region, so that the order in the file changes nothing. */
function resolveReplicas(raw: NonNullable<RawStack['replicaRegions']>): ReplicaConfiguration[] {
  return Object.entries(raw)
    .map(([region, { kmsKeyArn }]) => ({ region, ...given('kmsKeyArn', kmsKeyArn) }))
    .toSorted((a, b) => (a.region < b.region ? -1 : 1));
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
