import { deliveryItemKey, journalItemKey, settingsItemKey } from '../../contract/table';
import type { AwsPlace } from '../aws/aws-place';
import { keyUse } from '../aws/key-use';
import { secretName, secretNamePrefix } from '../aws/names';
import { onAny, type PolicyStatement, type Resources, type StatementWhere } from '../aws/policy-document';
import type { TargetConfiguration } from '../config/configuration';
import { listAt, type TextList } from '../terraform/json-text';
import { leadingKeys, secretArnIn, SERVICE, tellEvents } from '../rotated-user/policies';

/** A user whose key goes to targets. */
export interface DeliveredUser {
  readonly stableKey: string;
  /** The customer key that encrypts the user's secret. @default the account's own */
  readonly kmsKeyArn?: string | undefined;
  /** At least one. */
  readonly deliver: readonly TargetConfiguration[];
}

/** What the delivery function reaches; a customer key is named only where one encrypts. */
export interface DeliveryReach {
  /** The users' own: ARNs, or patterns. */
  readonly secrets: Resources;
  readonly keysOfSecrets: Resources;
  readonly secretTargets: Resources;
  readonly keysOfSecretTargets: Resources;
  readonly parameterTargets: Resources;
  readonly keysOfParameterTargets: Resources;
  /** Of ECS, that are restarted. */
  readonly services: Resources;
  /** Secrets of tokens, which let the function in at targets outside AWS. */
  readonly tokens: Resources;
  readonly keysOfTokens: Resources;
}

/** What the delivery function works on. */
export interface DeliveryScope {
  readonly place: AwsPlace;
  /** Of the secrets' names. */
  readonly secretPrefix: string;
  /** Or what it reaches for them, where Terraform alone knows the users. */
  readonly users: readonly DeliveredUser[] | DeliveryReach;
  readonly tableArn: string;
  /** Where failed runs go. */
  readonly queueArn: string;
}

/** Of the room that a role's policy has: so much for the secrets of users, each by its name, which is enough for some 40. */
export const CHARACTERS_FOR_SECRETS = 4_000;

/**
 * All that the delivery function may do, besides writing its log (R9): it reads the values of the secrets that have targets,
 * writes the targets, and touches no key, no label and no journal.
 */
export function deliveryStatements(
  scope: DeliveryScope & { readonly users: readonly DeliveredUser[] },
): readonly PolicyStatement[];
export function deliveryStatements(scope: DeliveryScope): readonly (PolicyStatement | StatementWhere)[];
export function deliveryStatements(scope: DeliveryScope): readonly (PolicyStatement | StatementWhere)[] {
  const { place, tableArn } = scope;
  const reach = reachOf(scope);
  return [
    ...onAny(reach.secrets, (Resource) => ({
      Sid: 'ReadSecrets',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource,
    })),
    ...secretKeys('DecryptSecrets', ['kms:Decrypt'], reach.keysOfSecrets, reach.secrets, place),
    ...onAny(reach.secretTargets, (Resource) => ({
      Sid: 'SecretTargets',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      Resource,
    })),
    ...secretKeys(
      'EncryptSecretTargets',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      reach.keysOfSecretTargets,
      reach.secretTargets,
      place,
    ),
    ...onAny(reach.parameterTargets, (Resource) => ({
      Sid: 'ParameterTargets',
      Effect: 'Allow',
      Action: 'ssm:PutParameter',
      Resource,
    })),
    ...parameterKeys(reach, place),
    // A restart keeps the task definition, so no role has to be passed (F 13.1).
    ...onAny(reach.services, (Resource) => ({
      Sid: 'RestartServices',
      Effect: 'Allow',
      Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
      Resource,
    })),
    ...onAny(reach.tokens, (Resource) => ({
      Sid: 'ReadTokens',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource,
    })),
    ...secretKeys('DecryptTokens', ['kms:Decrypt'], reach.keysOfTokens, reach.tokens, place),
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

function reachOf({ place, secretPrefix, users }: DeliveryScope): DeliveryReach {
  if (!isKnown(users)) return users;
  const targets = users.flatMap(({ deliver }) => deliver);
  const secrets = targets.filter((target) => target.kind === 'secret');
  const parameters = targets.filter((target) => target.kind === 'parameter');
  const tokens = targets.flatMap((target) => {
    if (target.kind !== 'githubActions' && target.kind !== 'https') return [];
    const { tokenSecret: id, kmsKeyArn } = target;
    return id === undefined ? [] : [{ id, kmsKeyArn }];
  });
  const { partition, region, accountId } = place;
  const arnsOf = (named: readonly { readonly id: string }[]): readonly string[] =>
    unique(named.map(({ id }) => (id.startsWith('arn:') ? id : secretArnIn(region, id, place))));
  return {
    secrets: ownSecrets(users, secretPrefix, place),
    keysOfSecrets: keysOf(users),
    secretTargets: arnsOf(secrets),
    keysOfSecretTargets: keysOf(secrets),
    parameterTargets: unique(
      parameters.map(({ name }) => `arn:${partition}:ssm:${region}:${accountId}:parameter${name}`),
    ),
    keysOfParameterTargets: keysOf(parameters),
    services: unique(targets.flatMap((target) => (target.kind === 'restart' ? target.ecsService : []))),
    tokens: arnsOf(tokens),
    keysOfTokens: keysOf(tokens),
  };
}

/** Each by its name; where they are too many, by what the names of the stack's secrets begin with. */
function ownSecrets(
  users: readonly DeliveredUser[],
  secretPrefix: string,
  place: AwsPlace,
): readonly string[] {
  const each = users.map(({ stableKey }) =>
    secretArnIn(place.region, secretName(secretPrefix, stableKey), place),
  );
  if (each.join().length <= CHARACTERS_FOR_SECRETS) return each;
  const { partition, region, accountId } = place;
  return [`arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}*`];
}

const secretKeys = (
  sid: string,
  actions: readonly string[],
  keys: Resources,
  secrets: Resources,
  place: AwsPlace,
): readonly (PolicyStatement | StatementWhere)[] =>
  onAny(keys, (kmsKeyArns) =>
    keyUse({
      ...{ sid, actions, kmsKeyArns, place },
      service: SERVICE,
      context: { 'kms:EncryptionContext:SecretARN': allOf(secrets) },
    }),
  );

/**
 * A parameter of the standard tier is encrypted by KMS itself, one that somebody made in the advanced tier with a data key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
const parameterKeys = (
  { keysOfParameterTargets, parameterTargets }: DeliveryReach,
  place: AwsPlace,
): readonly (PolicyStatement | StatementWhere)[] =>
  onAny(keysOfParameterTargets, (kmsKeyArns) =>
    keyUse({
      sid: 'EncryptParameterTargets',
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      ...{ kmsKeyArns, place },
      service: 'ssm',
      context: { 'kms:EncryptionContext:PARAMETER_ARN': allOf(parameterTargets) },
    }),
  );

/** AWS's own keys, which are undefined here, need no permission. */
const keysOf = (encrypted: readonly { readonly kmsKeyArn?: string | undefined }[]): readonly string[] =>
  unique(encrypted.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []));

const allOf = (resources: Resources): TextList =>
  'address' in resources ? listAt(resources.address) : resources;

const isKnown = (users: DeliveryScope['users']): users is readonly DeliveredUser[] => Array.isArray(users);

const unique = (values: readonly string[]): string[] => [...new Set(values)];
