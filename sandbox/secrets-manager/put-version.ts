import { DAY } from '../../contract/instant';
import { ApiError } from '../front/api-call';
import { OWN_KEY } from './encryption-key';
import { addVersion, CURRENT, moveLabel, type Secret, type SecretValue, versionLabelled } from './secret';

const VERSION_LIMIT = 100;

/**
 * Stores a value as a version of the secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function putVersion(
  secret: Secret,
  version: { readonly id: string; readonly value: SecretValue; readonly labels: readonly string[] },
  now: Date,
): void {
  const existing = secret.versions.get(version.id);
  if (existing?.value) {
    // Already done: the same value under the same token changes nothing, not even labels.
    if (JSON.stringify(existing.value) === JSON.stringify(version.value)) return;
    throw new ApiError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  removeDeprecated(secret, now);
  const stored = existing ?? addVersion(secret, version.id, version.value, now);
  stored.value = version.value;
  stored.keys = new Set([secret.kmsKeyId ?? OWN_KEY]);
  for (const label of version.labels) moveLabel(secret, label, stored);
  // A secret's first version becomes current whatever was asked for.
  if (!versionLabelled(secret, CURRENT)) moveLabel(secret, CURRENT, stored);
  secret.changedAt = now;
}

/** Secrets Manager keeps the 100 newest versions, those with a label, and those younger than a day. */
function removeDeprecated(secret: Secret, now: Date): void {
  const dayAgo = now.getTime() - DAY;
  const unlabelled = [...secret.versions.values()].filter(({ labels }) => labels.size === 0);
  for (const version of unlabelled.filter(({ createdAt }) => createdAt.getTime() < dayAgo)) {
    if (secret.versions.size < VERSION_LIMIT) return;
    secret.versions.delete(version.id);
  }
  if (secret.versions.size >= VERSION_LIMIT) {
    throw new ApiError(
      'LimitExceededException',
      `The secret has more than ${VERSION_LIMIT} versions of the last 24 hours.`,
    );
  }
}
