import { randomUUID } from 'node:crypto';

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

import { READ_LAG } from '../../handlers/core/model/timing';
import type { Account } from './account';
import { inWords, refusalOf } from './asking';
import { doesNotHold, holds, type Finding } from './assumption';
import type { Part } from './resources';

/* Values of a secret, and their labels. */

const secret = (part: string): Part => ({ kind: 'secret', part });
export const FIRST_VERSION_SECRET = secret('first-version');
export const READ_LAG_SECRET = secret('read-lag');
export const SAME_TOKEN_SECRET = secret('same-token');
export const LABELS_SECRET = secret('labels');

/** By version, its labels. */
export async function labelsOf(
  account: Account,
  SecretId: string,
): Promise<Readonly<Record<string, string[]>>> {
  const { VersionIdsToStages = {} } = await account.clients.secrets.send(
    new DescribeSecretCommand({ SecretId }),
  );
  return VersionIdsToStages;
}

/** The version with this label. */
export async function labelled(
  account: Account,
  SecretId: string,
  label: string,
): Promise<string | undefined> {
  const versions = Object.entries(await labelsOf(account, SecretId));
  return versions.find(([, labels]) => labels.includes(label))?.[0];
}

export async function firstVersionIsCurrent(account: Account): Promise<Finding> {
  const { arn: SecretId } = await account.makeSecret(FIRST_VERSION_SECRET);
  const before = await labelsOf(account, SecretId);
  if (Object.keys(before).length > 0)
    return doesNotHold(`A secret without a value has versions: ${JSON.stringify(before)}.`);
  const ClientRequestToken = randomUUID();
  await account.clients.secrets.send(
    new PutSecretValueCommand({
      ...{ SecretId, ClientRequestToken, SecretString: 'first', VersionStages: ['AWSPENDING'] },
    }),
  );
  const seen = await account.until(
    async () => (await labelsOf(account, SecretId))[ClientRequestToken],
    READ_LAG,
  );
  const labels = seen?.answer.join(', ') ?? 'none';
  return seen?.answer.includes('AWSCURRENT') === true
    ? holds(`Only AWSPENDING was asked for; the labels are: ${labels}.`)
    : doesNotHold(`Only AWSPENDING was asked for, and the labels are: ${labels}.`);
}

export async function newValueCanBeRead(account: Account): Promise<Finding> {
  const { arn: SecretId } = await account.makeSecret(READ_LAG_SECRET, 'before');
  const ClientRequestToken = randomUUID();
  await account.clients.secrets.send(
    new PutSecretValueCommand({
      ...{ SecretId, ClientRequestToken, SecretString: 'after', VersionStages: ['AWSPENDING'] },
    }),
  );
  const read = await account.until(async () => {
    const question = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPENDING' });
    let versionId: string | undefined;
    const refusal = await refusalOf(
      account.clients.secrets.send(question).then(({ VersionId }) => (versionId = VersionId)),
    );
    if (refusal && refusal.code !== 'ResourceNotFoundException')
      throw new Error(`GetSecretValue was refused: ${refusal.code}: ${refusal.message}`);
    return versionId === ClientRequestToken ? true : undefined;
  }, READ_LAG);
  return read
    ? holds(`It could be read after ${inWords(read.after)}.`)
    : doesNotHold(`It could not be read within ${inWords(READ_LAG)}.`);
}

export async function sameTokenChangesNothing(account: Account): Promise<Finding> {
  const { arn: SecretId } = await account.makeSecret(SAME_TOKEN_SECRET, 'before');
  const ClientRequestToken = randomUUID();
  const put = (SecretString: string) =>
    refusalOf(
      account.clients.secrets.send(
        new PutSecretValueCommand({
          ...{ SecretId, ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] },
        }),
      ),
    );
  const first = await put('value');
  if (first) throw new Error(`PutSecretValue was refused: ${first.code}: ${first.message}`);
  const again = await put('value');
  if (again) return doesNotHold(`The same value under the same token is refused: ${again.code}.`);
  const other = await put('another value');
  if (!other) return doesNotHold('Another value under the same token is taken.');
  return other.code === 'ResourceExistsException'
    ? holds(`The same value is taken and changes nothing; another one is refused: ${other.code}.`)
    : doesNotHold(`Another value under the same token is refused with ${other.code}, "${other.message}".`);
}

export async function labelsMoveFromTheNamedVersion(account: Account): Promise<Finding> {
  const { arn: SecretId, versionId: first = '' } = await account.makeSecret(LABELS_SECRET, 'first');
  const second = randomUUID();
  await account.clients.secrets.send(
    new PutSecretValueCommand({
      ...{ SecretId, ClientRequestToken: second, SecretString: 'second', VersionStages: ['AWSPENDING'] },
    }),
  );
  const move = (VersionStage: string, from: string | undefined, to: string | undefined) =>
    refusalOf(
      account.clients.secrets.send(
        new UpdateSecretVersionStageCommand({
          ...{ SecretId, VersionStage, RemoveFromVersionId: from, MoveToVersionId: to },
        }),
      ),
    );
  for (const [from, how] of [
    [second, 'from a version that does not have it'],
    [undefined, 'without the version that has it'],
  ] as const) {
    const refusal = await move('AWSCURRENT', from, second);
    if (!refusal) return doesNotHold(`AWSCURRENT was moved ${how}.`);
    if (refusal.code !== 'InvalidParameterException')
      return doesNotHold(`Moving AWSCURRENT ${how} is refused with ${refusal.code}, "${refusal.message}".`);
  }
  const current = await labelled(account, SecretId, 'AWSCURRENT');
  if (current !== first) return doesNotHold('A move that was refused has moved AWSCURRENT.');
  const moved = await move('AWSCURRENT', first, second);
  if (moved) return doesNotHold(`The move from the right version was refused: ${moved.code}.`);
  const followed = await account.until(
    async () => ((await labelled(account, SecretId, 'AWSPREVIOUS')) === first ? true : undefined),
    READ_LAG,
  );
  if (!followed) return doesNotHold(`AWSPREVIOUS did not follow within ${inWords(READ_LAG)}.`);
  const takenOff = await move('AWSPENDING', second, undefined);
  if (takenOff) return doesNotHold(`AWSPENDING could not be taken off: ${takenOff.code}.`);
  return holds(
    'The two wrong moves were refused with InvalidParameterException and moved nothing; the right one was made, ' +
      'AWSPREVIOUS followed, and AWSPENDING could be taken off.',
  );
}
