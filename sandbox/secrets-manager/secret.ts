import type { StoredPolicy } from '../iam/policy-principals';
import { OWN_KEY } from './encryption-key';
import type { Replica } from './replicas';

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: Date;
  /** Undefined: announced by a rotation, but nothing was put yet. */
  value: SecretValue | undefined;
  /** With each of them the value can be decrypted; the newest is the last. */
  keys: Set<string>;
  readonly labels: Set<string>;
}

export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number;
  readonly ScheduleExpression?: string;
  readonly Duration?: string;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** Another one than `region` for a copy. */
  readonly primaryRegion: string;
  /** The copies, by region. */
  readonly replicas: Map<string, Replica>;
  description: string | undefined;
  kmsKeyId: string | undefined;
  tags: Map<string, string>;
  policy: StoredPolicy | undefined;
  readonly createdAt: Date;
  changedAt: Date;
  accessedAt: Date | undefined;
  /** When it will be gone; set while it is scheduled for deletion. */
  deletedAt: Date | undefined;
  deletionDate: Date | undefined;
  readonly versions: Map<string, SecretVersion>;
  /** Undefined until a rotation is configured for the first time. */
  rotation: { enabled: boolean; lambdaArn: string; rules: RotationRules; configuredAt: Date } | undefined;
  rotatedAt: Date | undefined;
}

export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';
export const PREVIOUS = 'AWSPREVIOUS';

export function versionLabelled(secret: Secret, label: string): SecretVersion | undefined {
  return [...secret.versions.values()].find((version) => version.labels.has(label));
}

/** Puts a label on a version; a label is on one version at most, and AWSPREVIOUS follows AWSCURRENT. */
export function moveLabel(secret: Secret, label: string, to: SecretVersion): void {
  const from = versionLabelled(secret, label);
  if (from === to) return;
  from?.labels.delete(label);
  to.labels.add(label);
  if (label !== CURRENT || !from) return;
  versionLabelled(secret, PREVIOUS)?.labels.delete(PREVIOUS);
  from.labels.add(PREVIOUS);
  dropIfEmpty(secret, from);
}

export function removeLabel(secret: Secret, label: string, from: SecretVersion): void {
  from.labels.delete(label);
  dropIfEmpty(secret, from);
}

export function addVersion(
  secret: Secret,
  id: string,
  value: SecretValue | undefined,
  now: Date,
): SecretVersion {
  const version: SecretVersion = {
    ...{ id, createdAt: now, value, labels: new Set() },
    keys: new Set(value === undefined ? [] : [secret.kmsKeyId ?? OWN_KEY]),
  };
  secret.versions.set(id, version);
  return version;
}

/** A version that was only announced leaves nothing behind. */
function dropIfEmpty(secret: Secret, version: SecretVersion): void {
  if (version.value === undefined && version.labels.size === 0) secret.versions.delete(version.id);
}
