import { DeleteRoleCommand } from '@aws-sdk/client-iam';
import { GetResourcePolicyCommand, PutResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';

import { MINUTE, SECOND } from '../../contract/instant';
import { policy, type Account } from './account';
import { inWords, persistently, refusalOf } from './asking';
import { doesNotHold, holds, type Finding } from './assumption';
import { IAM_PATH, type Part } from './resources';

/* Who a secret's policy admits. */

export const UNKNOWN_PRINCIPAL_SECRET: Part = { kind: 'secret', part: 'unknown-principal' };
export const DELETED_PRINCIPAL_SECRET: Part = { kind: 'secret', part: 'deleted-principal' };
export const DELETED_PRINCIPAL_ROLE: Part = { kind: 'role', part: 'deleted-principal' };

const UNSUPPORTED = 'MalformedPolicyDocumentException';

const put = (SecretId: string, AWS: string) =>
  new PutResourcePolicyCommand({
    SecretId,
    ResourcePolicy: policy([
      { Effect: 'Allow', Principal: { AWS }, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
    ]),
  });

export async function unknownPrincipalIsRefused(account: Account): Promise<Finding> {
  const { arn } = await account.makeSecret(UNKNOWN_PRINCIPAL_SECRET, 'value');
  const { partition, accountId } = account.caller;
  const nobody = `arn:${partition}:iam::${accountId}:role${IAM_PATH}${account.nameOfNothing('nobody')}`;
  const refusal = await refusalOf(account.clients.secrets.send(put(arn, nobody)));
  if (!refusal) return doesNotHold('A policy with a role that does not exist is taken.');
  return refusal.code === UNSUPPORTED
    ? holds(`It is refused: ${refusal.code}, "${refusal.message}".`)
    : doesNotHold(`It is refused with ${refusal.code}, "${refusal.message}".`);
}

export async function deletedPrincipalBecomesAnId(account: Account): Promise<Finding> {
  const { arn: SecretId } = await account.makeSecret(DELETED_PRINCIPAL_SECRET, 'value');
  const roleArn = await account.makeRole(DELETED_PRINCIPAL_ROLE, []);
  // A role that is new is refused at first, too.
  await persistently(
    () => account.clients.secrets.send(put(SecretId, roleArn)),
    new RegExp(`^${UNSUPPORTED}$`),
    {
      signal: account.signal,
      limit: MINUTE,
    },
  );
  await account.clients.iam.send(new DeleteRoleCommand({ RoleName: account.nameOf(DELETED_PRINCIPAL_ROLE) }));
  const shown = await account.until(
    async () => {
      const { ResourcePolicy = '' } = await account.clients.secrets.send(
        new GetResourcePolicyCommand({ SecretId }),
      );
      return /"AROA[A-Z0-9]+"/.exec(ResourcePolicy)?.[0];
    },
    account.patience,
    Math.min(account.patience / 10, 2 * SECOND),
  );
  return shown
    ? holds(`The policy shows the role's unique id ${inWords(shown.after)} after the role was deleted.`)
    : doesNotHold(
        `The policy did not show a unique id within ${inWords(account.patience)} after the role was deleted.`,
      );
}
