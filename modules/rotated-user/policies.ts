import type { AwsPlace } from '../aws-place';
import type { JsonReference } from '../json-text';
import type { PolicyStatement } from '../policy-document';
import { journalKey, settingsKey } from '../journal-table/keys';

/** On the access keys of a user, for a rotation. */
export const ROTATION_KEY_ACTIONS: readonly string[] = [
  'iam:CreateAccessKey',
  'iam:DeleteAccessKey',
  'iam:GetAccessKeyLastUsed',
  'iam:ListAccessKeys',
  'iam:UpdateAccessKey',
];

const SECRET_ACTIONS = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];

/** What one rotation function works on. */
export interface RotationScope {
  readonly place: AwsPlace;
  /** Statements that admit the key actions on the users, see `oneUser` and `usersOfStack`. */
  readonly users: readonly PolicyStatement[];
  /** One secret's ARN, or a pattern. */
  readonly secretArn: string;
  readonly tableArn: string;
  /** One user's stable key, or `*`. */
  readonly stableKey: string;
  /** The customer key that encrypts the secrets, if there is one: AWS's own needs no permission. */
  readonly kmsKeyArn: string | undefined;
}

/** All that a rotation function may do, besides writing its log (R9). */
export function rotationStatements(scope: RotationScope): readonly PolicyStatement[] {
  const { secretArn, stableKey, tableArn, kmsKeyArn, place } = scope;
  return [
    ...scope.users,
    { Sid: 'Secret', Effect: 'Allow', Action: SECRET_ACTIONS, Resource: secretArn },
    {
      Sid: 'ReadRecords',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
      Condition: leadingKeys([journalKey(stableKey), settingsKey(stableKey)]),
    },
    {
      Sid: 'WriteJournal',
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: tableArn,
      Condition: leadingKeys([journalKey(stableKey)]),
    },
    ...(kmsKeyArn === undefined ? [] : [useKey(kmsKeyArn, secretArn, place)]),
  ];
}

/** The key actions on exactly one user. */
export function oneUser(userArn: string): PolicyStatement {
  return { Sid: 'AccessKeys', Effect: 'Allow', Action: ROTATION_KEY_ACTIONS, Resource: userArn };
}

/** The key actions on several users, each by its ARN. */
export function listedUsers(
  userArns: readonly string[],
  actions: readonly string[] = ROTATION_KEY_ACTIONS,
): PolicyStatement {
  return { Sid: 'AccessKeys', Effect: 'Allow', Action: actions, Resource: userArns };
}

/** The key actions on every user that matches a pattern and carries a tag. */
export function taggedUsers(
  userArnPatterns: readonly string[],
  tag: { readonly key: string; readonly value: string },
  actions: readonly string[] = ROTATION_KEY_ACTIONS,
): PolicyStatement {
  return {
    Sid: 'TaggedAccessKeys',
    Effect: 'Allow',
    Action: actions,
    Resource: userArnPatterns,
    Condition: { StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } },
  };
}

/**
 * The secret's own policy: who may read it. It only allows, so that it can lock nobody out: whoever an identity
 * policy of the account admits (the rotation function, an administrator) still gets in.
 */
export function readerStatements(readers: readonly string[] | JsonReference): readonly PolicyStatement[] {
  return [
    {
      Sid: 'Readers',
      Effect: 'Allow',
      Principal: { AWS: readers },
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: '*',
    },
  ];
}

/** LIKE and not EQUALS: the same for a stable key, which holds no wildcard, and it admits the pattern `*`. */
export function leadingKeys(keys: readonly string[]): PolicyStatement['Condition'] {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}

/**
 * Only through Secrets Manager, and only for this secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
function useKey(kmsKeyArn: string, secretArn: string, place: AwsPlace): PolicyStatement {
  return {
    Sid: 'EncryptSecret',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: kmsKeyArn,
    Condition: {
      StringEquals: { 'kms:ViaService': `secretsmanager.${place.region}.${place.dnsSuffix}` },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
    },
  };
}
