import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { CallRefusedError, type CallName } from '../core/model/call-errors';
import type { SecretDescription, SecretStore, StoredValue, VersionLabel } from '../core/model/ports';
import { SecretMaterial } from '../../contract/secret-material';
import { callAws, incomplete } from './call-aws';
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
    return {
      arn: answer.ARN,
      rotationEnabled: answer.RotationEnabled,
      labels: labelsIn(call, answer.VersionIdsToStages),
    };
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
      if (answer.VersionId === undefined || answer.SecretString === undefined)
        throw incomplete(call, 'the answer holds no text');
      if (answer.ARN !== secretArn || ('versionId' in version && version.versionId !== answer.VersionId))
        throw incomplete(call, 'the answer is about another secret or version');
      return { versionId: answer.VersionId, text: new SecretMaterial(answer.SecretString) };
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
