import { randomBytes, randomUUID } from 'node:crypto';

import type { SandboxClock } from '../clock';
import { jsonAnswer } from '../front/answers';
import { ApiError, type ApiCall, type AuthenticatedCall, type OperationTable } from '../front/api-call';
import type { KeyUse } from './encryption-key';
import { putVersion } from './put-version';
import type { RotationEngine } from './rotation-engine';
import { CURRENT, moveLabel, PENDING, removeLabel, type SecretValue, versionLabelled } from './secret';
import type { Secrets } from './secrets';

/** Values and their labels. */
export function valueOperations(
  keyUse: KeyUse,
  secrets: Secrets,
  rotations: RotationEngine,
  clock: SandboxClock,
): OperationTable {
  const putValue = async (call: AuthenticatedCall, labels: readonly string[]) => {
    const secret = secrets.writable(call);
    await keyUse.toStore(call, secret);
    const id = requestToken(call);
    const value = valueOf(call);
    if (!value)
      throw new ApiError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    putVersion(secret, { id, value, labels }, clock.now());
    rotations.abandonUnlessFor(secret, id);
    return { secret, version: secret.versions.get(id) };
  };

  return {
    'secretsmanager:GetSecretValue': async (call) => {
      const secret = secrets.usable(call);
      const { VersionId: id, VersionStage: stage } = call.parameters as {
        VersionId?: string;
        VersionStage?: string;
      };
      const label = stage ?? (id === undefined ? CURRENT : undefined);
      const version = id === undefined ? versionLabelled(secret, label ?? CURRENT) : secret.versions.get(id);
      if (!version?.value || (label !== undefined && !version.labels.has(label))) {
        const which = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
        const message = `Secrets Manager can't find the specified secret value for ${which}`;
        throw new ApiError('ResourceNotFoundException', message);
      }
      await keyUse.toRead(call, secret, version);
      secret.accessedAt = clock.now();
      return Promise.resolve(
        jsonAnswer({
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          ...version.value,
          VersionStages: [...version.labels],
          CreatedDate: version.createdAt.getTime() / 1000,
        }),
      );
    },
    'secretsmanager:PutSecretValue': async (call) => {
      const { secret, version } = await putValue(
        call,
        (call.parameters['VersionStages'] as string[] | undefined) ?? [CURRENT],
      );
      return Promise.resolve(
        jsonAnswer({
          ...{ ARN: secret.arn, Name: secret.name },
          ...{ VersionId: version?.id, VersionStages: [...(version?.labels ?? [])] },
        }),
      );
    },
    'secretsmanager:UpdateSecret': async (call) => {
      const secret = secrets.writable(call);
      const { Description, KmsKeyId } = call.parameters as { Description?: string; KmsKeyId?: string };
      if (Description !== undefined) secret.description = Description;
      if (KmsKeyId !== undefined) {
        // An empty text is AWS's own key; a secret under it is described as one for which no key was ever named.
        secret.kmsKeyId = KmsKeyId === '' ? undefined : KmsKeyId;
        await keyUse.followNewKey(call, secret);
      }
      secret.changedAt = clock.now();
      const version = valueOf(call) ? (await putValue(call, [CURRENT])).version : undefined;
      return Promise.resolve(jsonAnswer({ ARN: secret.arn, Name: secret.name, VersionId: version?.id }));
    },
    // A compare-and-swap: whoever moves a label names the version that it leaves.
    'secretsmanager:UpdateSecretVersionStage': async (call) => {
      const secret = secrets.writable(call);
      const { VersionStage: label = '', ...move } = call.parameters as Record<string, string | undefined>;
      const [from, to] = [move['RemoveFromVersionId'], move['MoveToVersionId']];
      const holder = versionLabelled(secret, label);
      if (from !== undefined && from !== holder?.id) {
        const where = holder ? `attached to version ${holder.id}` : 'not attached to any version';
        const message = `The parameter RemoveFromVersionId is not valid: staging label ${label} is currently ${where}.`;
        throw new ApiError('InvalidParameterException', message);
      }
      if (to === undefined) {
        if (!holder || from === undefined) {
          throw new ApiError(
            'InvalidParameterException',
            'You must provide MoveToVersionId or RemoveFromVersionId.',
          );
        }
        if (label === CURRENT) {
          throw new ApiError(
            'InvalidParameterException',
            `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
          );
        }
        removeLabel(secret, label, holder);
      } else {
        const target = secret.versions.get(to);
        if (!target || (label !== PENDING && !target.value)) {
          throw new ApiError(
            'ResourceNotFoundException',
            `Secrets Manager can't find the specified secret version: ${to}.`,
          );
        }
        if (holder && holder !== target && from === undefined) {
          throw new ApiError(
            'InvalidParameterException',
            `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
          );
        }
        moveLabel(secret, label, target);
      }
      secret.changedAt = clock.now();
      return Promise.resolve(jsonAnswer({ ARN: secret.arn, Name: secret.name }));
    },
    'secretsmanager:GetRandomPassword': (call) => {
      const length = Number(call.parameters['PasswordLength'] ?? 32);
      return Promise.resolve(
        jsonAnswer({ RandomPassword: randomBytes(length).toString('base64').slice(0, length) }),
      );
    },
  };
}

export function valueOf(call: ApiCall): SecretValue | undefined {
  const { SecretString, SecretBinary } = call.parameters;
  if (typeof SecretString === 'string') return { SecretString };
  if (typeof SecretBinary === 'string') return { SecretBinary };
  return undefined;
}

/** The version id that a call brings along; it need not be a UUID. SDKs make one up where it is missing. */
export function requestToken(call: ApiCall): string {
  const token = call.parameters['ClientRequestToken'] ?? randomUUID();
  if (typeof token === 'string' && token.length >= 32 && token.length <= 64) return token;
  throw new ApiError('InvalidParameterException', 'ClientRequestToken must have 32 to 64 characters.');
}
