/*
 * What a command may have to do, said where the command is made. `policy <command>` and examples/operator-policy.json
 * are made of it, and a test compares it with the calls that the command makes.
 */

import { DRILL_SOURCE } from '../../contract/leak-drill';
import { EVENT_SOURCE } from '../../contract/telemetry-names';
import { acknowledgementItemKey, journalItemKey, settingsItemKey } from '../../contract/table';

/** Calls of AWS on the same resources, for the same reason. */
export interface Permission {
  /** What it is for, as the statement's Sid: letters and digits. */
  readonly sid: string;
  /** Such as `iam:ListAccessKeys`. */
  readonly actions: readonly string[];
  /** ARNs, in which `{prefix}` and the other names of `Names` stand for themselves; or `*`. */
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What the ARNs of a policy are made of. */
export interface Names {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The stack's prefix. */
  readonly prefix: string;
  /** What the names of the secrets begin with; the prefix, unless the configuration says otherwise. */
  readonly secretPrefix: string;
}

export const TABLE = 'arn:{partition}:dynamodb:{region}:{account}:table/{prefix}';
export const SECRETS = 'arn:{partition}:secretsmanager:{region}:{account}:secret:{secretPrefix}/*';
export const IAM_USERS = 'arn:{partition}:iam::{account}:user/*';

/** Finds the users of a stack. */
export const READ_USERS: Permission = { sid: 'ReadUsers', actions: ['dynamodb:Scan'], resources: [TABLE] };

/** It has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html */
export const READ_EVENT_HISTORY: Permission = {
  sid: 'ReadEventHistory',
  actions: ['cloudtrail:LookupEvents'],
  resources: ['*'],
};

/** Reads the journal of one user. */
export const READ_JOURNALS: Permission = {
  sid: 'ReadJournals',
  actions: ['dynamodb:GetItem'],
  resources: [TABLE],
};

/** Looks at a user as the retirement function does. */
export const LOOK_AT_USERS: readonly Permission[] = [
  READ_USERS,
  READ_JOURNALS,
  { sid: 'LookAtSecrets', actions: ['secretsmanager:DescribeSecret'], resources: [SECRETS] },
  {
    sid: 'LookAtKeys',
    actions: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
    resources: [IAM_USERS],
  },
];

/** As the functions have it: events of this source, and none of another. */
const ofEvents = (source: string): NonNullable<Permission['condition']> => ({
  'ForAllValues:StringEquals': { 'events:source': source },
  Null: { 'events:source': 'false' },
});

const TELL_OF_IT: Permission = {
  sid: 'TellOfIt',
  actions: ['events:PutEvents'],
  resources: ['arn:{partition}:events:{region}:{account}:event-bus/default'],
  condition: ofEvents(EVENT_SOURCE),
};

/** Begins a drill. Its event is put where Health puts its own, which is another region than the stack's in most cases. */
export const PLAY_LEAK: Permission = {
  sid: 'PlayLeak',
  actions: ['events:PutEvents'],
  resources: ['arn:{partition}:events:*:{account}:event-bus/default'],
  condition: ofEvents(DRILL_SOURCE),
};

/** Changes keys of a user under the functions' lease, as the functions do. */
export const CHANGE_KEYS: readonly Permission[] = [
  {
    sid: 'ReadAndWriteJournals',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    resources: [TABLE],
  },
  {
    sid: 'ChangeSecrets',
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    resources: [SECRETS],
  },
  {
    sid: 'ChangeKeys',
    actions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
    resources: [IAM_USERS],
  },
  TELL_OF_IT,
];

const ofItems = (...keys: readonly string[]): NonNullable<Permission['condition']> => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  // A condition for all values holds where there is none.
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/**
 * Says a word about a user's key, and can write nothing that the keys rest on. For one user alone, write its stable key in place of
 * each `*`.
 */
export const ACKNOWLEDGE: readonly Permission[] = [
  {
    sid: 'ReadWhatIsCurrent',
    actions: ['dynamodb:GetItem'],
    resources: [TABLE],
    condition: ofItems(settingsItemKey('*'), journalItemKey('*'), acknowledgementItemKey('*')),
  },
  {
    sid: 'Acknowledge',
    actions: ['dynamodb:UpdateItem'],
    resources: [TABLE],
    condition: ofItems(acknowledgementItemKey('*')),
  },
  TELL_OF_IT,
];

/** What a reader of the secret may do. */
export const READ_SECRET: readonly Permission[] = [
  { sid: 'ReadKeys', actions: ['secretsmanager:GetSecretValue'], resources: [SECRETS] },
];

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Permission['condition'];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/**
 * Permissions of one Sid become one statement, with the actions of all of them.
 *
 * @param kmsKeyArns the customer keys that encrypt table or secrets, if some do
 * @throws Error where two of one Sid are not about the same resources, under the same condition
 */
export function policyOf(
  permissions: readonly Permission[],
  names: Names,
  kmsKeyArns: readonly string[] = [],
): PolicyDocument {
  const bySid = new Map<string, Permission>();
  for (const permission of permissions) {
    const { sid, actions } = permission;
    const before = bySid.get(sid);
    if (before !== undefined && whereOf(before) !== whereOf(permission))
      throw new Error(
        `This is a bug: two permissions are called ${sid}, and are not about the same resources. Give one of them another name.`,
      );
    bySid.set(sid, {
      ...permission,
      actions: [...new Set([...(before?.actions ?? []), ...actions])].toSorted(),
    });
  }
  const statements = [...bySid.values()].map(({ sid, actions, resources, condition }): PolicyStatement => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources.map((resource) => named(resource, names)),
    ...(condition === undefined ? {} : { Condition: condition }),
  }));
  if (kmsKeyArns.length > 0 && statements.length > 0) {
    statements.push({
      Sid: 'Encryption',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: kmsKeyArns,
    });
  }
  return { Version: '2012-10-17', Statement: statements };
}

const whereOf = ({ resources, condition = {} }: Permission): string =>
  JSON.stringify([resources.toSorted(), condition]);

const named = (resource: string, names: Names): string =>
  resource.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    if (!Object.hasOwn(names, name))
      throw new Error(`A permission names ${placeholder}, which stands for nothing.`);
    return names[name as keyof Names];
  });
