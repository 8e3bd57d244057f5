import { EVENT_SOURCE } from '../../contract/telemetry-names';
import { viaService, type AwsPlace } from '../aws/aws-place';
import type { TextList } from '../terraform/json-text';
import { keyUse } from '../aws/key-use';
import type { PolicyStatement } from '../aws/policy-document';
import { deliveryItemKey, journalItemKey, settingsItemKey } from '../../contract/table';

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
  /** The customer keys that encrypt the secrets: AWS's own needs no permission. */
  readonly kmsKeyArns: readonly string[];
  /** What encrypts the copies of the secrets in other regions, if customer keys do. */
  readonly copies?: EncryptedCopies;
  /** Whether targets may hold keys of the user. @default false */
  readonly delivers?: boolean;
  /** A tag that the secrets carry, where the pattern admits those of others, too. */
  readonly secretTag?: { readonly key: string; readonly value: string };
}

/** All that a rotation function may do, besides writing its log (R9). */
export function rotationStatements(scope: RotationScope): readonly PolicyStatement[] {
  const { secretArn, stableKey, tableArn, kmsKeyArns, place } = scope;
  return [
    ...scope.users,
    {
      Sid: 'Secret',
      Effect: 'Allow',
      Action: SECRET_ACTIONS,
      Resource: secretArn,
      ...(scope.secretTag === undefined ? {} : { Condition: hasTag(scope.secretTag) }),
    },
    {
      Sid: 'ReadRecords',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
      Condition: leadingKeys([
        journalItemKey(stableKey),
        settingsItemKey(stableKey),
        ...(scope.delivers === true ? [deliveryItemKey(stableKey)] : []),
      ]),
    },
    {
      Sid: 'WriteJournal',
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: tableArn,
      Condition: leadingKeys([journalItemKey(stableKey)]),
    },
    ...(kmsKeyArns.length === 0 ? [] : [useKeys(kmsKeyArns, secretArn, place)]),
    ...(scope.copies === undefined ? [] : [encryptCopies(scope.copies)]),
    tellEvents(place),
  ];
}

/** Copies that customer keys encrypt. None of the lists is empty: a statement without a resource is refused. */
export interface EncryptedCopies {
  readonly kmsKeyArns: TextList;
  /** Values of `kms:ViaService`: AWS does not say from which of the two regions a copy is written, so it is both. */
  readonly services: TextList;
  /** ARNs of the copies, or patterns. */
  readonly secretArns: TextList;
}

/**
 * What encrypts the copies of one secret, or of all whose names match.
 *
 * @param secretName - without the end that Secrets Manager chooses; or a pattern
 */
export function encryptedCopies(
  replicas: readonly { readonly region: string; readonly kmsKeyArn?: string }[],
  secretName: string,
  place: AwsPlace,
): EncryptedCopies | undefined {
  const encrypted = replicas.flatMap(({ region, kmsKeyArn }) =>
    kmsKeyArn === undefined ? [] : [{ region, kmsKeyArn }],
  );
  if (encrypted.length === 0) return undefined;
  const regions = unique(encrypted.map(({ region }) => region));
  return {
    kmsKeyArns: unique(encrypted.map(({ kmsKeyArn }) => kmsKeyArn)),
    services: [place.region, ...regions].flatMap((region) => viaService(SERVICE, region, place)),
    secretArns: regions.map((region) => secretArnIn(region, secretName, place)),
  };
}

/**
 * Secrets Manager brings every new value to the copies with the permissions of whoever wrote it: decrypted with the
 * secret's key, and encrypted with the copy's. AWS's own keys need no permission.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cross-account-replicate-permissions.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
function encryptCopies({ kmsKeyArns, services, secretArns }: EncryptedCopies): PolicyStatement {
  return {
    Sid: 'EncryptCopies',
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
    Resource: kmsKeyArns,
    Condition: {
      StringEquals: { 'kms:ViaService': services },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArns },
    },
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** As `kms:ViaService` has it. */
export const SERVICE = 'secretsmanager';

/** A secret's ARN, but for the hyphen and six characters at its end, which Secrets Manager chooses. */
export const secretArnIn = (region: string, secretName: string, place: AwsPlace): string =>
  `arn:${place.partition}:secretsmanager:${region}:${place.accountId}:secret:${secretName}-??????`;

/**
 * Events of our own source on the account's default bus.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export function tellEvents({ partition, region, accountId }: AwsPlace): PolicyStatement {
  return {
    Sid: 'TellEvents',
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: `arn:${partition}:events:${region}:${accountId}:event-bus/default`,
    Condition: {
      'ForAllValues:StringEquals': { 'events:source': EVENT_SOURCE },
      Null: { 'events:source': 'false' },
    },
  };
}

/** What targets hold of a user, or of all: beside the other records where Terraform alone can tell whether there are targets. */
export const readDeliveries = (tableArn: string, stableKey: string): PolicyStatement => ({
  Sid: 'Deliveries',
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: tableArn,
  Condition: leadingKeys([deliveryItemKey(stableKey)]),
});

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
    Condition: hasTag(tag),
  };
}

export function hasTag(tag: { readonly key: string; readonly value: string }): PolicyStatement['Condition'] {
  return { StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } };
}

/** What a user needs besides, to read a secret that a customer key encrypts. */
export function decryptSecret(kmsKeyArn: string, secretArn: string, place: AwsPlace): PolicyStatement {
  return { ...useKeys([kmsKeyArn], secretArn, place), Sid: 'DecryptSecret', Action: 'kms:Decrypt' };
}

/** LIKE and not EQUALS: the same for a stable key, which holds no wildcard, and it admits the pattern `*`. */
export function leadingKeys(keys: readonly string[]): PolicyStatement['Condition'] {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    // ForAllValues holds where there is no value, too.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/**
 * Only through Secrets Manager, and only for this secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const useKeys = (kmsKeyArns: readonly string[], secretArn: string, place: AwsPlace): PolicyStatement =>
  keyUse({
    sid: 'EncryptSecret',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    kmsKeyArns,
    service: SERVICE,
    context: { 'kms:EncryptionContext:SecretARN': secretArn },
    place,
  });
