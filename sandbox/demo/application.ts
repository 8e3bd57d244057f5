import { setTimeout as sleep } from 'node:timers/promises';

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';

import type { LocalAws } from '../local-aws';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Reads a key pair from the secret, as any application does. */
export async function readKey(
  aws: Pick<LocalAws, 'clientConfig'>,
  secretArn: string,
  label: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT',
): Promise<KeyPair> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { SecretString = '' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: secretArn, VersionStage: label }),
  );
  const { AccessKeyId, SecretAccessKey } = JSON.parse(SecretString) as Record<string, string>;
  if (AccessKeyId === undefined || SecretAccessKey === undefined) {
    throw new Error(`The ${label} version of ${secretArn} holds no key pair.`);
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

/** Calls AWS with a key: who is it? */
export async function whoAmI(aws: LocalAws, key: KeyPair): Promise<string> {
  const sts = new STSClient(aws.clientConfig(key));
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return Arn;
}

/** The name of AWS's refusal, or undefined if the key works. */
export async function refusalOf(aws: LocalAws, key: KeyPair): Promise<string | undefined> {
  try {
    await whoAmI(aws, key);
    return undefined;
  } catch (error) {
    if (error instanceof STSServiceException) return error.name;
    throw error;
  }
}

export interface WorkReport {
  readonly calls: number;
  /** What AWS refused, by name of the refusal. */
  readonly refusals: readonly string[];
  /** In the order of their first use. */
  readonly keyIds: readonly string[];
}

/** An application at work: five times a second it reads its key and calls AWS with it, until it is stopped. */
export function startApplication(aws: LocalAws, secretArn: string): { stop(): Promise<WorkReport> } {
  const refusals: string[] = [];
  const keyIds = new Set<string>();
  let [calls, stopped] = [0, false];
  const work = async (): Promise<void> => {
    while (!stopped) {
      const key = await readKey(aws, secretArn);
      keyIds.add(key.accessKeyId);
      const refusal = await refusalOf(aws, key);
      calls += 1;
      if (refusal !== undefined) refusals.push(refusal);
      await sleep(200);
    }
  };
  const failure = work().then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return {
    async stop() {
      stopped = true;
      const error = await failure;
      if (error !== undefined) throw error;
      return { calls, refusals, keyIds: [...keyIds] };
    },
  };
}
