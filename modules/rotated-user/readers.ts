import { viaService, type AwsPlace } from '../aws/aws-place';
import type { PolicyStatement, StatementWhere } from '../aws/policy-document';
import { listAt, type TextList } from '../terraform/json-text';
import { secretArnIn, SERVICE } from './policies';

/** ARNs of roles and users, and of accounts, which end in `:root`; or lists of which only Terraform knows what is in them. */
export type Readers = readonly string[] | ReadersReference;

/** Each is an address of Terraform (`local.reader_accounts`) at which there is a list of ARNs, which may be empty. */
export interface ReadersReference {
  /** Of roles and users. */
  readonly identities: string;
  readonly accounts: string;
}

/**
 * The secret's own policy: who may read it. It only allows, so that it can lock nobody out: whoever an identity
 * policy of the account admits (the rotation function, an administrator) still gets in.
 *
 * @returns none where there are no readers
 */
export function readerStatements(readers: Readers): readonly (PolicyStatement | StatementWhere)[] {
  const read = {
    Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    Resource: '*',
  } as const;
  if (isKnown(readers)) return admit(readers, { ...read, Sid: '' });
  const { identities, accounts } = readers;
  return [
    { where: `length(${identities}) > 0`, statement: toIdentities(listAt(identities), { ...read, Sid: '' }) },
    { where: `length(${accounts}) > 0`, statement: toAccounts(listAt(accounts), { ...read, Sid: '' }) },
  ];
}

/**
 * In the secret's policy and not in one of the user's: an existing user is not to be changed, and within an account
 * either is enough. It names one user, so it admits nobody else, and the user to nothing else.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export const selfRenewalStatement = (userArn: string): PolicyStatement => ({
  ...toIdentities([userArn], { Sid: '', Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
  Sid: 'SelfRenewal',
});

export interface ReadersOfKey {
  readonly stableKey: string;
  readonly secretName: string;
  readonly readers: readonly string[];
  /** Of the secret and its copies. */
  readonly regions: readonly string[];
  readonly place: AwsPlace;
}

/**
 * For the policy of the customer key: the readers of a secret may decrypt it, through Secrets Manager, and nothing
 * else that the key encrypts. A copy's ARN differs from the secret's in the region alone.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function readersOfKey({
  stableKey,
  secretName,
  readers,
  regions,
  place,
}: ReadersOfKey): readonly PolicyStatement[] {
  return admit(readers, {
    Sid: sidOf(stableKey),
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': regions.flatMap((region) => viaService(SERVICE, region, place)) },
      StringLike: {
        'kms:EncryptionContext:SecretARN': regions.map((region) => secretArnIn(region, secretName, place)),
      },
    },
  });
}

/** What readers are granted; the Sid is the end of the statements'. */
type Grant = Omit<PolicyStatement, 'Effect' | 'Principal'>;

function admit(readers: readonly string[], grant: Grant): readonly PolicyStatement[] {
  const accounts = readers.filter(isAccount);
  const identities = readers.filter((arn) => !isAccount(arn));
  return [
    ...(identities.length === 0 ? [] : [toIdentities(identities, grant)]),
    ...(accounts.length === 0 ? [] : [toAccounts(accounts, grant)]),
  ];
}

/**
 * Roles and users are named in a condition, and not as principals. AWS refuses a principal that does not exist, and
 * shows the unique id of one that was deleted, with which Terraform can read the secret no more. The value of a condition
 * may come and go. Not ARN operators: those take wildcards, and a text with one is to admit nobody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
const toIdentities = (arns: TextList, { Sid, Action, Resource, Condition = {} }: Grant): PolicyStatement => ({
  Sid: `Readers${Sid}`,
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action,
  Resource,
  Condition: { ...Condition, StringEquals: { ...Condition['StringEquals'], 'aws:PrincipalArn': arns } },
});

/** An account is a principal: a condition cannot leave it to the account's own policies who of it may. */
const toAccounts = (arns: TextList, { Sid, ...grant }: Grant): PolicyStatement => ({
  Sid: `ReaderAccounts${Sid}`,
  Effect: 'Allow',
  Principal: { AWS: arns },
  ...grant,
});

const isKnown = (readers: Readers): readers is readonly string[] => Array.isArray(readers);

const isAccount = (arn: string): boolean => arn.endsWith(':root');

/** A Sid has letters and digits alone and is unique in a policy: `a-b` and `a_b` are two. */
const sidOf = (stableKey: string): string =>
  stableKey.replaceAll(/[^A-Za-z0-9]|X/g, (sign) => `X${sign.charCodeAt(0).toString(16).toUpperCase()}`);
