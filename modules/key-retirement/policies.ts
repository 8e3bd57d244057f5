import { iamUserArn } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';
import { functionName, retirementFunctionName, secretNamePrefix, TAG_KEYS } from '../aws/names';
import {
  acknowledgementItemKey,
  findingsItemKey,
  journalItemKey,
  SWEEP_ITEM_KEY,
} from '../../contract/table';
import type { PolicyStatement } from '../aws/policy-document';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { vpcStatements } from '../node-function/vpc';
import { hasTag, leadingKeys, readDeliveries, taggedUsers, tellEvents } from '../rotated-user/policies';
import { charactersForUsersBeside, usersOfStack } from '../rotated-user/shared-users';

/** On the access keys of a user, for retirement: it never makes one. */
const RETIREMENT_KEY_ACTIONS = [
  'iam:DeleteAccessKey',
  'iam:GetAccessKeyLastUsed',
  'iam:ListAccessKeys',
  'iam:UpdateAccessKey',
];

const QUARANTINE_ACTION = 'iam:ListAttachedUserPolicies';

/** Looks for AWS's quarantine policies on users that are told by their tag. */
export const lookAtQuarantine = (place: AwsPlace, stackName: string): PolicyStatement => ({
  ...taggedUsers([iamUserArn(place, '/', '*')], { key: TAG_KEYS.stack, value: stackName }, [
    QUARANTINE_ACTION,
  ]),
  Sid: 'Quarantine',
});

const actionsOn = ({ answersLeaks = false }: RetirementScope): readonly string[] =>
  answersLeaks ? [...RETIREMENT_KEY_ACTIONS, QUARANTINE_ACTION] : RETIREMENT_KEY_ACTIONS;

/** Of the room that a role's policies have for users: so much for their functions, which is enough for about 40. */
const CHARACTERS_FOR_FUNCTIONS = 3_000;

/** A user whose keys are retired: a `RotatedUser`. */
export interface RetiredUser {
  readonly userArn: string;
  /** Undefined: not made by us. */
  readonly userPath: string | undefined;
  /** The function that rotates its keys. */
  readonly functionName: string;
}

/** What the retirement function works on. */
export interface RetirementScope {
  readonly place: AwsPlace;
  /** The stack's name, which its tag holds. */
  readonly stackName: string;
  readonly prefix: string;
  /**
   * Of the secrets' names.
   * @default prefix
   */
  readonly secretPrefix?: string;
  /** Secrets whose names begin alike belong to others, too: the stack's own are told by its tag. */
  readonly sharded?: boolean;
  readonly users: readonly RetiredUser[] | 'tagged';
  /** Where the function runs, whose own statements stand in the same policy. */
  readonly vpc?: FunctionDefaults['vpc'];
  readonly tableArn: string;
  /** Whether targets may hold keys. @default false */
  readonly delivers?: boolean;
  /** Whether keys may wait for somebody's word. @default false */
  readonly acknowledges?: boolean;
  /** Whether it looks for AWS's quarantine policies on users. @default false */
  readonly answersLeaks?: boolean;
  /** Where failed runs go. */
  readonly queueArn: string;
}

/**
 * All that the retirement function may do, besides writing its log (R9). It can make no key and read no secret's
 * value, and writes neither settings nor labels.
 */
export function retirementStatements(scope: RetirementScope): readonly PolicyStatement[] {
  const { place, prefix, secretPrefix = prefix, stackName, tableArn } = scope;
  const { partition, region, accountId } = place;
  const tag = { key: TAG_KEYS.stack, value: stackName };
  const functions = invocableFunctions(scope);
  const records = recordsOfOthers(scope);
  const secrets = `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}*`;
  const arnOfPath = (path: string): string => iamUserArn(place, path, '*');
  return [
    ...(scope.users === 'tagged'
      ? [taggedUsers([arnOfPath('/')], tag, actionsOn(scope))]
      : usersOfStack(
          scope.users.map(({ userArn, userPath }) => ({ arn: userArn, path: userPath })),
          { arnOfPath },
          tag,
          {
            actions: actionsOn(scope),
            characters: charactersForUsersBeside(
              functions,
              records,
              vpcStatements(scope.vpc, retirementFunctionName(prefix)),
              [secretPrefix.slice(prefix.length).repeat(2)],
            ),
          },
        )),
    {
      Sid: 'Secrets',
      Effect: 'Allow',
      Action: 'secretsmanager:DescribeSecret',
      Resource: secrets,
      ...(scope.sharded === true ? { Condition: hasTag(tag) } : {}),
    },
    // With the settings that the secret has. Whether AWS sends these keys with a request that has no settings is not
    // documented, so that none of them has to be there.
    {
      Sid: 'AskForRotation',
      Effect: 'Allow',
      Action: 'secretsmanager:RotateSecret',
      Resource: secrets,
      Condition: {
        ...(scope.sharded === true ? hasTag(tag) : {}),
        BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
        ArnLikeIfExists: {
          'secretsmanager:RotationLambdaARN': `arn:${partition}:lambda:${region}:${accountId}:function:${functionName(prefix, '*')}`,
        },
      },
    },
    ...functions,
    { Sid: 'ReadRecords', Effect: 'Allow', Action: 'dynamodb:Scan', Resource: tableArn },
    {
      Sid: 'Journals',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: tableArn,
      Condition: leadingKeys([journalItemKey('*'), SWEEP_ITEM_KEY]),
    },
    ...records,
    {
      Sid: 'Findings',
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: tableArn,
      Condition: leadingKeys([findingsItemKey('*')]),
    },
    // CloudTrail's event history knows no resources.
    { Sid: 'WhoUsesKeys', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' },
    { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: scope.queueArn },
    tellEvents(place),
  ];
}

/** What others write of keys, and the function only reads: each where somebody writes it. */
function recordsOfOthers({ tableArn, delivers, acknowledges }: RetirementScope): readonly PolicyStatement[] {
  const acknowledgements: PolicyStatement = {
    Sid: 'Acknowledgements',
    Effect: 'Allow',
    Action: 'dynamodb:GetItem',
    Resource: tableArn,
    Condition: leadingKeys([acknowledgementItemKey('*')]),
  };
  return [
    ...(delivers === true ? [readDeliveries(tableArn, '*')] : []),
    ...(acknowledges === true ? [acknowledgements] : []),
  ];
}

/**
 * RotateSecret asks of its caller that it may invoke the rotation function, too. Above about 40 users with a function
 * each, the functions are told by what their names begin with; what remains then is that the role may invoke any
 * function of the account that is called so.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
function invocableFunctions({ place, prefix, users }: RetirementScope): readonly PolicyStatement[] {
  const { partition, region, accountId } = place;
  const arnOf = (name: string): string => `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  const statement = (Resource: readonly string[]): PolicyStatement => ({
    Sid: 'RequestRotation',
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource,
  });
  const all = statement([arnOf(functionName(prefix, '*'))]);
  if (users === 'tagged') {
    return [all];
  }
  if (users.length === 0) {
    return []; // A statement without a resource is refused.
  }
  const each = statement([...new Set(users.map((user) => user.functionName))].map(arnOf));
  return [sizeOf([each]) <= CHARACTERS_FOR_FUNCTIONS ? each : all];
}

const sizeOf = (statements: readonly PolicyStatement[]): number => JSON.stringify(statements).length;
