import { deliveryItemKey, journalItemKey, settingsItemKey } from '../../contract/table';
import type { AwsPlace } from '../aws/aws-place';
import { keyUse, type KeyUse } from '../aws/key-use';
import { secretName, secretNamePrefix } from '../aws/names';
import type { PolicyStatement } from '../aws/policy-document';
import type { TargetConfiguration } from '../config/configuration';
import { leadingKeys, secretArnIn, SERVICE, tellEvents } from '../rotated-user/policies';

/** A user whose key goes to targets. */
export interface DeliveredUser {
  readonly stableKey: string;
  /** The customer key that encrypts the user's secret. @default the account's own */
  readonly kmsKeyArn?: string | undefined;
  /** At least one. */
  readonly deliver: readonly TargetConfiguration[];
}

/** What the delivery function works on. */
export interface DeliveryScope {
  readonly place: AwsPlace;
  /** Of the secrets' names. */
  readonly secretPrefix: string;
  readonly users: readonly DeliveredUser[];
  readonly tableArn: string;
  /** Where failed runs go. */
  readonly queueArn: string;
}

/** Of the room that a role's policy has: so much for the secrets of users, each by its name, which is enough for some 40. */
const CHARACTERS_FOR_SECRETS = 4_000;

/**
 * All that the delivery function may do, besides writing its log (R9): it reads the values of the secrets that have targets,
 * writes the targets, and touches no key, no label and no journal.
 */
export function deliveryStatements(scope: DeliveryScope): readonly PolicyStatement[] {
  const { place, tableArn, users } = scope;
  const targets = users.flatMap(({ deliver }) => deliver);
  const secrets = ownSecrets(scope);
  return [
    { Sid: 'ReadSecrets', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secrets },
    ...useKeys(
      {
        sid: 'DecryptSecrets',
        actions: ['kms:Decrypt'],
        service: SERVICE,
        context: { 'kms:EncryptionContext:SecretARN': secrets },
        place,
      },
      users.map(({ kmsKeyArn }) => kmsKeyArn),
    ),
    ...secretStatements(targets, place),
    ...parameterStatements(targets, place),
    ...tokenStatements(targets, place),
    { Sid: 'FindUsers', Effect: 'Allow', Action: 'dynamodb:Scan', Resource: tableArn },
    {
      Sid: 'ReadRecords',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
      Condition: leadingKeys([settingsItemKey('*'), journalItemKey('*'), deliveryItemKey('*')]),
    },
    {
      Sid: 'Deliveries',
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: tableArn,
      Condition: leadingKeys([deliveryItemKey('*')]),
    },
    { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: scope.queueArn },
    tellEvents(place),
  ];
}

/** Each by its name; where they are too many, by what the names of the stack's secrets begin with. */
function ownSecrets({ place, secretPrefix, users }: DeliveryScope): readonly string[] {
  const each = users.map(({ stableKey }) =>
    secretArnIn(place.region, secretName(secretPrefix, stableKey), place),
  );
  if (each.join().length <= CHARACTERS_FOR_SECRETS) return each;
  const { partition, region, accountId } = place;
  return [`arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}*`];
}

function secretStatements(
  targets: readonly TargetConfiguration[],
  place: AwsPlace,
): readonly PolicyStatement[] {
  const secrets = targets.filter((target) => target.kind === 'secret');
  if (secrets.length === 0) return [];
  const arns = unique(secrets.map(({ id }) => arnOf(id, place)));
  return [
    {
      Sid: 'SecretTargets',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      Resource: arns,
    },
    ...useKeys(
      {
        sid: 'EncryptSecretTargets',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        service: SERVICE,
        context: { 'kms:EncryptionContext:SecretARN': arns },
        place,
      },
      secrets.map(({ kmsKeyArn }) => kmsKeyArn),
    ),
  ];
}

/**
 * A parameter of the standard tier is encrypted by KMS itself, one that somebody made in the advanced tier with a data key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
function parameterStatements(
  targets: readonly TargetConfiguration[],
  place: AwsPlace,
): readonly PolicyStatement[] {
  const parameters = targets.filter((target) => target.kind === 'parameter');
  if (parameters.length === 0) return [];
  const { partition, region, accountId } = place;
  const arns = unique(
    parameters.map(({ name }) => `arn:${partition}:ssm:${region}:${accountId}:parameter${name}`),
  );
  return [
    { Sid: 'ParameterTargets', Effect: 'Allow', Action: 'ssm:PutParameter', Resource: arns },
    ...useKeys(
      {
        sid: 'EncryptParameterTargets',
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        service: 'ssm',
        context: { 'kms:EncryptionContext:PARAMETER_ARN': arns },
        place,
      },
      parameters.map(({ kmsKeyArn }) => kmsKeyArn),
    ),
  ];
}

/** What lets the function in at targets outside AWS, each secret by its name. */
function tokenStatements(
  targets: readonly TargetConfiguration[],
  place: AwsPlace,
): readonly PolicyStatement[] {
  const tokens = targets.flatMap((target) => {
    if (target.kind !== 'githubActions' && target.kind !== 'https') return [];
    const { tokenSecret, kmsKeyArn } = target;
    return tokenSecret === undefined ? [] : [{ arn: arnOf(tokenSecret, place), kmsKeyArn }];
  });
  if (tokens.length === 0) return [];
  const arns = unique(tokens.map(({ arn }) => arn));
  return [
    { Sid: 'ReadTokens', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arns },
    ...useKeys(
      {
        sid: 'DecryptTokens',
        actions: ['kms:Decrypt'],
        service: SERVICE,
        context: { 'kms:EncryptionContext:SecretARN': arns },
        place,
      },
      tokens.map(({ kmsKeyArn }) => kmsKeyArn),
    ),
  ];
}

/** @param id name or ARN of a secret */
const arnOf = (id: string, place: AwsPlace): string =>
  id.startsWith('arn:') ? id : secretArnIn(place.region, id, place);

/** AWS's own keys, which are undefined here, need no permission. */
function useKeys(
  use: Omit<KeyUse, 'kmsKeyArns'>,
  kmsKeyArns: readonly (string | undefined)[],
): readonly PolicyStatement[] {
  const keys = unique(kmsKeyArns.filter((arn) => arn !== undefined));
  return keys.length === 0 ? [] : [keyUse({ ...use, kmsKeyArns: keys })];
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
