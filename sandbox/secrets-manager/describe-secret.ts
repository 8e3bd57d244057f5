import { nextRotation } from './next-rotation';
import { replicationStatus } from './replicas';
import type { Secret } from './secret';

const seconds = (date: Date | undefined): number | undefined => (date ? date.getTime() / 1000 : undefined);

/** As DescribeSecret answers; members without a value are left out, as AWS does. */
export function describeSecret(secret: Secret): Record<string, unknown> {
  return {
    ...common(secret),
    VersionIdsToStages: versionLabels(secret),
    ReplicationStatus: replicationStatus(secret),
  };
}

/** As ListSecrets answers. */
export function listEntry(secret: Secret): Record<string, unknown> {
  return { ...common(secret), SecretVersionsToStages: versionLabels(secret) };
}

function versionLabels(secret: Secret): Record<string, string[]> | undefined {
  const labelled = [...secret.versions.values()].filter(({ labels }) => labels.size > 0);
  return labelled.length === 0
    ? undefined
    : Object.fromEntries(labelled.map(({ id, labels }) => [id, [...labels]]));
}

function common(secret: Secret): Record<string, unknown> {
  const { rotation } = secret;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    // Absent, not false, where rotation was never configured.
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: seconds(secret.rotatedAt),
    NextRotationDate: seconds(nextRotation(secret)),
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    LastAccessedDate: seconds(secret.accessedAt),
    DeletedDate: seconds(secret.deletedAt),
    // Only where there are copies.
    PrimaryRegion: secret.replicas.size === 0 ? undefined : secret.primaryRegion,
  };
}
