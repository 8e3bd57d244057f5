import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type ReplicationStatusType,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { CallRefusedError, type CallName } from '../core/model/call-errors';
import type {
  SecretCopy,
  SecretDescription,
  SecretStore,
  StoredValue,
  VersionLabel,
} from '../core/model/ports';
import { SecretMaterial } from '../../contract/secret-material';
import { TAG_KEYS } from '../../contract/tags';
import { callAws, incomplete, readAnswer } from './call-aws';
import { changeOnce } from './change-once';

const secretsManager = (action: string): CallName => ({ service: 'Secrets Manager', action });

const LABELS: readonly VersionLabel[] = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'];

/** Versions of a secret and their labels in Secrets Manager. */
export class SecretsManagerSecretStore implements SecretStore {
  /** @param onceOnly a client with maxAttempts 1, for what moves a label. */
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly onceOnly: SecretsManagerClient,
  ) {}

  async describe(secretArn: string): Promise<SecretDescription> {
    const call = secretsManager('DescribeSecret');
    const answer = await callAws(call, 'reads', (options) =>
      this.client.send(new DescribeSecretCommand({ SecretId: secretArn }), options),
    );
    // Labels are left out where there are none (F 1.15), so only the ARN shows that the answer is about the secret.
    if (answer.ARN !== secretArn) throw incomplete(call, 'the answer does not describe the secret');
    return readAnswer(call, () => ({
      arn: secretArn,
      rotationEnabled: answer.RotationEnabled,
      rotationFunctionArn: answer.RotationLambdaARN,
      deletedDate: answer.DeletedDate?.getTime(),
      nextRotationAt: answer.NextRotationDate?.getTime(),
      copies: (answer.ReplicationStatus ?? []).map(copyOf),
      userId: answer.Tags?.find(({ Key }) => Key === TAG_KEYS.userId)?.Value,
      labels: labelsIn(call, answer.VersionIdsToStages),
    }));
  }

  async read(
    secretArn: string,
    version: { versionId: string } | { label: VersionLabel },
  ): Promise<StoredValue | undefined> {
    try {
      const call = secretsManager('GetSecretValue');
      const answer = await callAws(call, 'reads', (options) =>
        this.client.send(
          new GetSecretValueCommand({
            SecretId: secretArn,
            ...('versionId' in version ? { VersionId: version.versionId } : { VersionStage: version.label }),
          }),
          options,
        ),
      );
      const text = answer.SecretString ?? asText(answer.SecretBinary);
      if (answer.VersionId === undefined || text === undefined)
        throw incomplete(call, 'the answer holds no text');
      if (answer.ARN !== secretArn || ('versionId' in version && version.versionId !== answer.VersionId))
        throw incomplete(call, 'the answer is about another secret or version');
      return { versionId: answer.VersionId, text: new SecretMaterial(text) };
    } catch (error) {
      if (error instanceof CallRefusedError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }

  async put(secretArn: string, version: Parameters<SecretStore['put']>[1]): Promise<void> {
    const { text, rotationToken } = version;
    const call = secretsManager('PutSecretValue');
    const { VersionId } = await callAws(
      call,
      'changes',
      (options) =>
        this.client.send(
          new PutSecretValueCommand({
            SecretId: secretArn,
            ClientRequestToken: version.versionId,
            SecretString: text.reveal(),
            VersionStages: [version.label],
            RotationToken: rotationToken?.reveal(),
          }),
          options,
        ),
      { carries: rotationToken === undefined ? [text] : [text, rotationToken] },
    );
    if (VersionId !== version.versionId) throw incomplete(call, 'the answer does not name the version');
  }

  async moveLabel(
    secretArn: string,
    label: VersionLabel,
    { from, to }: { readonly from: string | undefined; readonly to: string },
  ): Promise<void> {
    await this.updateStage(secretArn, label, { RemoveFromVersionId: from, MoveToVersionId: to });
  }

  async removeLabel(secretArn: string, label: 'AWSPENDING', from: string): Promise<void> {
    await this.updateStage(secretArn, label, { RemoveFromVersionId: from });
  }

  private async updateStage(
    secretArn: string,
    label: VersionLabel,
    move: { RemoveFromVersionId?: string | undefined; MoveToVersionId?: string },
  ): Promise<void> {
    await changeOnce(
      secretsManager('UpdateSecretVersionStage'),
      (options) =>
        this.onceOnly.send(
          new UpdateSecretVersionStageCommand({ SecretId: secretArn, VersionStage: label, ...move }),
          options,
        ),
      { whenThrottled: 'tryAgain' },
    );
  }
}

/** A person stored bytes: their text in base64 is no document of ours, and says so to whoever reads it. */
const asText = (binary: Uint8Array | undefined): string | undefined =>
  binary && Buffer.from(binary).toString('base64');

const COPY_STATUSES = ['InSync', 'InProgress', 'Failed'] as const satisfies SecretCopy['status'][];

function copyOf({ Region, Status, StatusMessage }: ReplicationStatusType): SecretCopy {
  const status = COPY_STATUSES.find((known) => known === Status) ?? 'Unknown';
  return { region: Region ?? '(not named)', status, message: StatusMessage };
}

/**
 * The version that each label is on. A label is on one version at a time, so an answer that has it on two contradicts
 * itself, and nothing may be concluded from it (R8).
 */
function labelsIn(
  call: CallName,
  stages: Readonly<Record<string, unknown>> = {},
): SecretDescription['labels'] {
  const labels: Partial<Record<VersionLabel, string>> = {};
  for (const [versionId, on] of Object.entries(stages)) {
    if (!Array.isArray(on)) throw incomplete(call, 'the labels of a version are no list');
    for (const label of LABELS.filter((known) => on.includes(known))) {
      if (labels[label] !== undefined) throw incomplete(call, `${label} is on two versions`);
      labels[label] = versionId;
    }
  }
  return labels;
}
