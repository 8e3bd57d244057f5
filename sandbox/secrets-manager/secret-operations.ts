import { DAY } from '../../contract/instant';
import type { SandboxClock } from '../clock';
import { jsonAnswer } from '../front/answers';
import { ApiError, type ApiCall, type OperationTable } from '../front/api-call';
import { shownPolicy, storedPolicy, type StoredPolicy } from '../iam/policy-principals';
import type { Moto } from '../moto/moto';
import { describeSecret, listEntry } from './describe-secret';
import { isPublic } from './public-policy';
import { putVersion } from './put-version';
import { addReplicas, replicationStatus, wantedReplicas } from './replicas';
import { CURRENT, type Secret } from './secret';
import type { Secrets } from './secrets';
import { requestToken, valueOf } from './value-operations';

const DEFAULT_RECOVERY_DAYS = 30;

/** Everything about a secret but its values and rotation. */
export function secretOperations(
  accountId: string,
  moto: Moto,
  secrets: Secrets,
  clock: SandboxClock,
): OperationTable {
  const named = (secret: Secret, more: Record<string, unknown> = {}) =>
    Promise.resolve(jsonAnswer({ ARN: secret.arn, Name: secret.name, ...more }));
  const stored = (policy: string): Promise<StoredPolicy> =>
    storedPolicy(moto, accountId, policy, 'This resource policy contains an unsupported principal.');

  return {
    'secretsmanager:CreateSecret': async (call) => {
      const secret = secrets.create(nameOf(call), call.region);
      secret.description = call.parameters['Description'] as string | undefined;
      secret.kmsKeyId = call.parameters['KmsKeyId'] as string | undefined;
      setTags(secret, call);
      addReplicas(secret, wantedReplicas(call));
      const value = valueOf(call);
      // Without a value there is no version either.
      if (!value) return named(secret);
      const id = requestToken(call);
      putVersion(secret, { id, value, labels: [CURRENT] }, clock.now());
      return named(secret, { VersionId: id });
    },
    'secretsmanager:DescribeSecret': async (call) =>
      Promise.resolve(jsonAnswer(describeSecret(secrets.named(call)))),
    'secretsmanager:ListSecrets': (call) => {
      const deletedToo = call.parameters['IncludePlannedDeletion'] === true;
      const filters = (call.parameters['Filters'] ?? []) as { Key: string; Values: string[] }[];
      const wanted = ({ name }: Secret): boolean =>
        filters.every(({ Key, Values }) => Key !== 'name' || Values.some((value) => name.startsWith(value)));
      const found = secrets
        .all(call.region)
        .filter((secret) => (deletedToo || !secret.deletionDate) && wanted(secret));
      return Promise.resolve(jsonAnswer({ SecretList: found.map((secret) => listEntry(secret)) }));
    },
    'secretsmanager:ListSecretVersionIds': async (call) => {
      const deprecatedToo = call.parameters['IncludeDeprecated'] === true;
      const versions = [...secrets.named(call).versions.values()]
        .filter(({ labels }) => deprecatedToo || labels.size > 0)
        .map(({ id, labels, createdAt }) => ({
          ...{ VersionId: id, VersionStages: [...labels], CreatedDate: createdAt.getTime() / 1000 },
        }));
      return named(secrets.named(call), { Versions: versions });
    },
    'secretsmanager:DeleteSecret': async (call) => {
      const secret = secrets.writable(call);
      if (secret.replicas.size > 0) {
        throw new ApiError(
          'InvalidRequestException',
          `You can't delete secret ${secret.name} that still has replica regions [${[...secret.replicas.keys()].join(', ')}]`,
        );
      }
      const force = call.parameters['ForceDeleteWithoutRecovery'] === true;
      const days = Number(call.parameters['RecoveryWindowInDays'] ?? DEFAULT_RECOVERY_DAYS);
      if (!force && (days < 7 || days > 30)) {
        throw new ApiError(
          'InvalidParameterException',
          'RecoveryWindowInDays must be between 7 and 30 days (inclusive).',
        );
      }
      secret.deletedAt = clock.now();
      secret.deletionDate = new Date(secret.deletedAt.getTime() + (force ? 0 : days * DAY));
      if (force) secrets.remove(secret);
      return named(secret, { DeletionDate: secret.deletionDate.getTime() / 1000 });
    },
    'secretsmanager:ReplicateSecretToRegions': async (call) => {
      const secret = secrets.writable(call);
      addReplicas(secret, wantedReplicas(call));
      return Promise.resolve(jsonAnswer({ ARN: secret.arn, ReplicationStatus: replicationStatus(secret) }));
    },
    'secretsmanager:RemoveRegionsFromReplication': async (call) => {
      const secret = secrets.writable(call);
      for (const region of call.parameters['RemoveReplicaRegions'] as string[])
        secret.replicas.delete(region);
      return Promise.resolve(jsonAnswer({ ARN: secret.arn, ReplicationStatus: replicationStatus(secret) }));
    },
    'secretsmanager:RestoreSecret': async (call) => {
      const secret = secrets.named(call);
      secret.deletedAt = undefined;
      secret.deletionDate = undefined;
      return named(secret);
    },
    'secretsmanager:TagResource': async (call) => {
      setTags(secrets.writable(call), call);
      return Promise.resolve(jsonAnswer({}));
    },
    'secretsmanager:UntagResource': async (call) => {
      const secret = secrets.writable(call);
      for (const key of (call.parameters['TagKeys'] ?? []) as string[]) secret.tags.delete(key);
      return Promise.resolve(jsonAnswer({}));
    },
    'secretsmanager:GetResourcePolicy': async (call) => {
      const secret = secrets.named(call);
      const { policy } = secret;
      return named(secret, { ResourcePolicy: policy && (await shownPolicy(moto, policy)) });
    },
    'secretsmanager:PutResourcePolicy': async (call) => {
      const secret = secrets.writable(call);
      const policy = String(call.parameters['ResourcePolicy']);
      requireJson(policy);
      if (call.parameters['BlockPublicPolicy'] === true && isPublic(policy)) {
        throw publicPolicy();
      }
      secret.policy = await stored(policy);
      return named(secret);
    },
    'secretsmanager:DeleteResourcePolicy': async (call) => {
      const secret = secrets.writable(call);
      secret.policy = undefined;
      return named(secret);
    },
    'secretsmanager:ValidateResourcePolicy': async (call) => {
      try {
        const policy = String(call.parameters['ResourcePolicy']);
        requireJson(policy);
        if (isPublic(policy)) throw publicPolicy();
        await stored(policy);
        return jsonAnswer({ PolicyValidationPassed: true, ValidationErrors: [] });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const ValidationErrors = [{ CheckName: error.code, ErrorMessage: error.message }];
        return jsonAnswer({ PolicyValidationPassed: false, ValidationErrors });
      }
    },
  };
}

function nameOf(call: ApiCall): string {
  const name = String(call.parameters['Name']);
  if (/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) return name;
  throw new ApiError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

function setTags(secret: Secret, call: ApiCall): void {
  const tags = (call.parameters['Tags'] ?? []) as { Key: string; Value?: string }[];
  for (const { Key, Value } of tags) secret.tags.set(Key, Value ?? '');
}

function requireJson(policy: string): void {
  try {
    JSON.parse(policy);
  } catch (error) {
    throw new ApiError(
      'MalformedPolicyDocumentException',
      `This resource policy contains an unsupported syntax: ${String(error)}`,
    );
  }
}

const publicPolicy = (): ApiError =>
  new ApiError(
    'PublicPolicyException',
    "You can't attach a resource policy that allows broad access to the secret.",
  );
