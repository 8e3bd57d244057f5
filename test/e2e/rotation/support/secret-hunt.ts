import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { LocalAws } from '../../../../sandbox/local-aws';

/** The secret access keys of all versions that a secret ever had. */
export async function secretAccessKeysOf(aws: LocalAws, secretArn: string): Promise<readonly string[]> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { Versions = [] } = await secrets.send(
    new ListSecretVersionIdsCommand({ SecretId: secretArn, IncludeDeprecated: true, MaxResults: 100 }),
  );
  const values = await Promise.all(
    Versions.map(({ VersionId }) => readVersion(secrets, secretArn, VersionId ?? '')),
  );
  return values.flatMap((text) =>
    text === undefined ? [] : (JSON.parse(text) as { SecretAccessKey: string }).SecretAccessKey,
  );
}

async function readVersion(
  secrets: SecretsManagerClient,
  secretArn: string,
  versionId: string,
): Promise<string | undefined> {
  try {
    const stored = await secrets.send(
      new GetSecretValueCommand({ SecretId: secretArn, VersionId: versionId }),
    );
    return stored.SecretString;
  } catch (error) {
    // Announced and never filled, by a rotation that was deferred.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Which of the files and texts hold one of the needles, in any of the forms that a text takes on its way. */
export function findAnywhere(
  needles: readonly string[],
  where: { readonly folder: string; readonly texts: Readonly<Record<string, string>> },
): readonly string[] {
  const forms = needles.flatMap((needle) => [
    needle,
    encodeURIComponent(needle),
    Buffer.from(needle).toString('base64'),
    JSON.stringify(needle).slice(1, -1),
  ]);
  const holdsOne = (contents: Buffer | string): boolean => forms.some((form) => contents.includes(form));
  const files = readdirSync(where.folder, { recursive: true, withFileTypes: true })
    // Terraform's link to the provider, half a gigabyte that was there before.
    .filter((entry) => entry.isFile() && !entry.name.startsWith('terraform-provider-aws'))
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    ...files.filter((file) => holdsOne(readFileSync(file))),
    ...Object.keys(where.texts).filter((name) => holdsOne(where.texts[name] ?? '')),
  ];
}
