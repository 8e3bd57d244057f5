import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { CallRefusedError, CallUnansweredError, type CallName } from '../core/errors';
import type { SecretDescription, SecretStore, StoredValue, VersionLabel } from '../core/ports';
import { SecretMaterial } from '../core/secret-material';
import { callAws } from './call-aws';

const secretsManager = (action: string): CallName => ({ service: 'Secrets Manager', action });

const LABELS: readonly VersionLabel[] = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'];

/** Versions of a secret and their labels in Secrets Manager. */
export class SecretsManagerSecretStore implements SecretStore {
  constructor(private readonly client: SecretsManagerClient) {}

  async describe(secretArn: string): Promise<SecretDescription> {
    const answer = await callAws(secretsManager('DescribeSecret'), 'reads', (options) =>
      this.client.send(new DescribeSecretCommand({ SecretId: secretArn }), options),
    );
    const versions = Object.entries(answer.VersionIdsToStages ?? {});
    const labels = LABELS.flatMap((label) =>
      versions
        .filter(([, stages]) => stages.includes(label))
        .map(([versionId]) => [label, versionId] as const),
    );
    return {
      arn: answer.ARN ?? secretArn,
      rotationEnabled: answer.RotationEnabled,
      labels: Object.fromEntries(labels),
    };
  }

  async read(
    secretArn: string,
    at: { versionId: string } | { label: VersionLabel },
  ): Promise<StoredValue | undefined> {
    try {
      const answer = await callAws(secretsManager('GetSecretValue'), 'reads', (options) =>
        this.client.send(
          new GetSecretValueCommand({
            SecretId: secretArn,
            ...('versionId' in at ? { VersionId: at.versionId } : { VersionStage: at.label }),
          }),
          options,
        ),
      );
      if (answer.VersionId === undefined || answer.SecretString === undefined) {
        throw new CallUnansweredError(
          secretsManager('GetSecretValue'),
          'IncompleteAnswer',
          'the answer holds no text',
        );
      }
      return { versionId: answer.VersionId, text: new SecretMaterial(answer.SecretString) };
    } catch (error) {
      if (error instanceof CallRefusedError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }

  async put(secretArn: string, version: Parameters<SecretStore['put']>[1]): Promise<void> {
    const { text, rotationToken } = version;
    await callAws(
      secretsManager('PutSecretValue'),
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
    await callAws(secretsManager('UpdateSecretVersionStage'), 'changes', (options) =>
      this.client.send(
        new UpdateSecretVersionStageCommand({ SecretId: secretArn, VersionStage: label, ...move }),
        options,
      ),
    );
  }
}
