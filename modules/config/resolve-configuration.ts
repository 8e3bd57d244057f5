import type * as z from 'zod';

import { partitionOf } from '../aws/aws-values';
import {
  type AuditTrailConfiguration,
  type BackendConfiguration,
  type Configuration,
  CONVERTED_STACK_KEYS,
  CONVERTED_USER_KEYS,
  type HttpBackendConfiguration,
  type ParsedBackend,
  type ParsedStack,
  type ParsedUser,
  type ReplicaConfiguration,
  type StackConfiguration,
  type UserConfiguration,
  type TargetConfiguration,
} from './configuration';
import { parseDuration } from '../schedule/duration';
import { type EffectiveRotation, inheritRotation, mergeRotation, scheduleOf } from './effective-rotation';
import { parseEnd } from './moment';
import type { configurationSchema } from './schema/configuration';
import { bodyOf } from './schema/deliver/https-body';
import { policyText } from './schema/inline-policy';
import { type RawRotation, rotationKeys } from './schema/rotation';
import { backendOf } from './shard-backend';
import { defaultStatePath } from './state-path';
import { nameOfShard, type Unit, unitsOf } from './units';
import { warningsOf } from './warnings';

/** Turns what has passed all checks, with its defaults, into what the constructs are given. */
export function resolveConfiguration(
  file: string,
  parsed: z.output<typeof configurationSchema>,
  now: number,
): Configuration {
  const stacks = Object.entries(parsed.stacks ?? {}).flatMap(([name, stack]) =>
    unitsOf(name, stack).map((unit, index) => ({
      ...resolveStack(unit, stack, parsed.defaults ?? {}),
      logPolicy: logPolicyOf(stack, index),
    })),
  );
  return deepFreeze({ file, stacks, warnings: warningsOf(stacks, now) });
}

function resolveStack(
  { name, shard, users }: Unit<ParsedUser>,
  stack: ParsedStack,
  defaults: RawRotation,
): Omit<StackConfiguration, 'logPolicy'> {
  const inherited = inheritRotation(defaults, stack.defaults);
  return {
    ...without(stack, CONVERTED_STACK_KEYS),
    name,
    partition: partitionOf(stack.region),
    prefix: shard === undefined ? stack.prefix : nameOfShard(stack.prefix, shard),
    stackPrefix: stack.prefix,
    secretPrefix: stack.secretPrefix ?? stack.prefix,
    leakDrill: Object.keys(users).find((key) => key === stack.leakDrill),
    sharded: stack.shards !== undefined,
    backend: resolveBackend(name, backendOf(stack.backend, shard)),
    auditTrail: resolveAuditTrail(stack),
    users: Object.entries(users).map(([key, user]) =>
      resolveUser(key, user, stack, mergeRotation(inherited, user)),
    ),
  };
}

const logPolicyOf = ({ shards }: ParsedStack, index: number): StackConfiguration['logPolicy'] =>
  shards === undefined ? 'own' : index === 0 ? 'ofAllShards' : 'ofAnotherShard';

const resolveAuditTrail = (stack: ParsedStack): AuditTrailConfiguration =>
  stack.auditTrail === 'create'
    ? { kind: 'create', retentionDays: stack.auditRetentionDays, kmsKeyArn: stack.auditKmsKeyArn }
    : { kind: stack.auditTrail };

function resolveBackend(stackName: string, backend: ParsedBackend | undefined): BackendConfiguration {
  if (backend?.s3 !== undefined) return { kind: 's3', encrypt: true, ...backend.s3 };
  if (backend?.http !== undefined) return resolveHttpBackend(backend.http);
  if (backend?.cloud !== undefined) return { kind: 'cloud', ...backend.cloud };
  if (backend?.none !== undefined) return { kind: 'none' };
  return { kind: 'local', path: backend?.local?.path ?? defaultStatePath(stackName) };
}

function resolveHttpBackend(http: NonNullable<ParsedBackend['http']>): HttpBackendConfiguration {
  const { address, lockAddress, lockMethod, unlockAddress = lockAddress, unlockMethod, updateMethod } = http;
  const lock =
    lockAddress === undefined || unlockAddress === undefined
      ? undefined
      : { address: lockAddress, method: lockMethod, unlockAddress, unlockMethod };
  return { kind: 'http', address, updateMethod, lock };
}

function resolveUser(
  key: string,
  user: ParsedUser,
  stack: ParsedStack,
  rotation: EffectiveRotation,
): UserConfiguration {
  const { overlapSeconds, gracePeriodSeconds, maximumKeyAgeSeconds, whenStillInUse } = rotation;
  return {
    ...without(user, USER_KEYS_NOT_TAKEN),
    key,
    userName: user.userName ?? key,
    kmsKeyArn: user.kmsKeyArn ?? stack.kmsKeyArn,
    inlinePolicies: Object.fromEntries(
      Object.entries(user.inlinePolicies).map(([name, document]) => [name, policyText(document)]),
    ),
    replicas: resolveReplicas(user.replicaRegions ?? stack.replicaRegions ?? {}),
    tags: { ...stack.tags, ...user.tags },
    schedule: scheduleOf(key, rotation),
    overlapSeconds,
    gracePeriodSeconds,
    maximumKeyAgeSeconds,
    whenStillInUse,
    deliver: user.deliver.flatMap(targetOf),
    acknowledgement: user.acknowledgement && {
      by: user.acknowledgement.by,
      remindAfterSeconds: parseDuration(user.acknowledgement.remindAfter),
      atMaximumKeyAge: user.acknowledgement.atMaximumKeyAge,
    },
    exemption: user.exemption && { ...user.exemption, until: momentOf(user.exemption.until) },
  };
}

/** The file names a target by its key. */
function targetOf({
  secret,
  parameter,
  restart,
  githubActions,
  https,
}: ParsedUser['deliver'][number]): TargetConfiguration[] {
  if (secret !== undefined) return [{ kind: 'secret', ...secret }];
  if (parameter !== undefined) return [{ kind: 'parameter', ...parameter }];
  if (restart !== undefined) return [{ kind: 'restart', ...restart }];
  if (githubActions !== undefined) return [{ kind: 'githubActions', ...githubActions }];
  if (https === undefined) return [];
  // What a person said of the method was for the rules alone.
  return [{ kind: 'https', ...without(https, ['idempotent']), body: bodyOf(https.body) }];
}

const USER_KEYS_NOT_TAKEN = [
  ...CONVERTED_USER_KEYS,
  ...(Object.keys(rotationKeys) as (keyof typeof rotationKeys)[]),
];

/** By region, so that the order in the file changes nothing. */
function resolveReplicas(regions: NonNullable<ParsedStack['replicaRegions']>): ReplicaConfiguration[] {
  return Object.entries(regions)
    .map(([region, { kmsKeyArn }]) => ({ region, kmsKeyArn }))
    .toSorted((a, b) => (a.region < b.region ? -1 : 1));
}

/** ISO 8601, UTC. */
const momentOf = (until: string): string => new Date(parseEnd(until) ?? NaN).toISOString();

const without = <T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(value).filter(([key]) => !(keys as readonly PropertyKey[]).includes(key)),
  ) as Omit<T, K>;

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  }
  return Object.freeze(value);
}
