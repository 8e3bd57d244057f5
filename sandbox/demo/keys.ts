import { type AccessKeyMetadata, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { ListSecretVersionIdsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { LocalAws } from '../local-aws';
import { type KeyPair, readKey, refusalOf } from './application';

/** One access key of a user, as IAM, Secrets Manager and STS see it. */
export interface KeyState {
  readonly id: string;
  readonly status: string;
  /** Where the secret keeps it. */
  readonly label: 'AWSCURRENT' | 'AWSPREVIOUS' | undefined;
  /** What STS answers to a call with it: undefined if it answers, else the refusal's name. */
  readonly refusal: string | undefined;
}

/** Access key ids are no secrets; four characters are enough to tell them apart. */
export const lastFour = (keyId: string): string => `…${keyId.slice(-4)}`;

/** Oldest first. */
export async function keysOf(
  aws: LocalAws,
  user: { readonly userName: string; readonly secretArn: string },
): Promise<readonly KeyState[]> {
  const iam = new IAMClient(aws.clientConfig());
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: user.userName }));
  const stored = await storedKeys(aws, user.secretArn);
  return Promise.all(
    [...AccessKeyMetadata].sort(byCreation).map(async ({ AccessKeyId: id = '', Status: status = '' }) => {
      const [label, pair] = stored.find(([, { accessKeyId }]) => accessKeyId === id) ?? [];
      return { id, status, label, refusal: pair === undefined ? undefined : await refusalOf(aws, pair) };
    }),
  );
}

type Label = 'AWSCURRENT' | 'AWSPREVIOUS';

async function storedKeys(aws: LocalAws, secretArn: string): Promise<(readonly [Label, KeyPair])[]> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId: secretArn }));
  const labels = Versions.flatMap(({ VersionStages = [] }) => VersionStages).filter(
    (label): label is Label => label === 'AWSCURRENT' || label === 'AWSPREVIOUS',
  );
  return Promise.all(labels.map(async (label) => [label, await readKey(aws, secretArn, label)] as const));
}

const byCreation = (a: AccessKeyMetadata, b: AccessKeyMetadata): number =>
  (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0);
