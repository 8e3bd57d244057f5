import { ApiError, type ApiCall } from '../front/api-call';
import { OWN_KEY } from './encryption-key';
import type { Secret } from './secret';

/** What keeps a copy from following its secret. */
export interface Obstacle {
  readonly status: 'Failed' | 'InProgress';
  /** AWS's words, such as that a secret of this name exists in the region. */
  readonly message?: string;
}

/** A copy of a secret in another region. AWS makes it within seconds; here it is there at once. */
export interface Replica {
  readonly region: string;
  readonly kmsKeyId: string;
  /** Undefined: it is in sync. It still shows what the secret holds; only what is said of it changes. */
  obstacle: Obstacle | undefined;
}

/** The secret as it is seen in the region of one of its copies: the same, save for region, ARN and key. */
export function seenFrom(primary: Secret, replica: Replica): Secret {
  const { region } = replica;
  const arn = primary.arn.replace(`:${primary.region}:`, `:${region}:`);
  // What the copy itself does not have is the primary's, also when that changes.
  return Object.create(primary, {
    region: { value: region },
    arn: { value: arn },
    kmsKeyId: { value: replica.kmsKeyId },
    primaryRegion: { value: primary.region },
  }) as Secret;
}

/** The regions that a call wants copies in. */
export function wantedReplicas(call: ApiCall): Replica[] {
  const wanted = (call.parameters['AddReplicaRegions'] ?? []) as { Region: string; KmsKeyId?: string }[];
  return wanted.map(({ Region: region, KmsKeyId }) => ({
    region,
    // Said also where it is the default.
    kmsKeyId: KmsKeyId ?? OWN_KEY,
    obstacle: undefined,
  }));
}

export function addReplicas(primary: Secret, wanted: readonly Replica[]): void {
  for (const replica of wanted) {
    if (replica.region === primary.region) {
      throw new ApiError('InvalidParameterException', 'Invalid replica region.');
    }
    primary.replicas.set(replica.region, replica);
  }
}

/** As ReplicateSecretToRegions, RemoveRegionsFromReplication and DescribeSecret tell it. */
export function replicationStatus(secret: Secret): Record<string, string | undefined>[] | undefined {
  if (secret.replicas.size === 0) return undefined;
  return [...secret.replicas.values()].map(({ region, kmsKeyId, obstacle }) => ({
    Region: region,
    KmsKeyId: kmsKeyId,
    Status: obstacle?.status ?? 'InSync',
    StatusMessage: obstacle?.message,
  }));
}

/** A copy is written by Secrets Manager alone, and rotated and deleted through the primary. */
export function refuseReplica(secret: Secret): void {
  if (secret.primaryRegion === secret.region) return;
  throw new ApiError(
    'InvalidRequestException',
    'Operation not permitted on a replica secret. Call must be made in primary secret’s region.',
  );
}
