import { awsPlace } from '../../../modules/aws/aws-place';
import type { Watched, WatchedUser } from '../../../modules/audit-trail/watched';
import { watchesOf } from '../../../modules/audit-trail/watches';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';

export const ACCOUNT = '111122223333';
export const PLACE = awsPlace({ partition: 'aws', accountId: ACCOUNT, region: 'eu-west-1' });

const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:iam-key-rotation`;

export const secretArn = (key: string): string => `${SECRET}/${key}-AbC123`;

export const role = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

export const aWatchedUser = (key: string, readers: readonly string[] = []): WatchedUser => ({
  stableKey: key,
  userName: key,
  secretArn: secretArn(key),
  readers,
});

export const watching = (users: readonly WatchedUser[], own: Partial<Watched> = {}): Watched => ({
  place: PLACE,
  prefix: 'iam-key-rotation',
  users,
  deployRoleArn: role('ci/terraform'),
  ...own,
});

/** A session of a role, as CloudTrail names who calls. */
export const session = (roleName: string): object => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/session`,
  accountId: ACCOUNT,
  sessionContext: { sessionIssuer: { type: 'Role', arn: role(`some/path/${roleName}`), userName: roleName } },
});

export const iamUser = (userName: string): object => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::${ACCOUNT}:user/path/${userName}`,
  accountId: ACCOUNT,
  userName,
});

export const rootUser: object = { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };

/** Somebody of another account, as the owner of a secret sees it. */
export const foreigner = (account: string): object => ({
  type: 'AWSAccount',
  principalId: 'AROAEXAMPLE:session',
  accountId: account,
});

/** An event as CloudTrail hands it to EventBridge, of a call of `iam:CreateAccessKey` and the like. */
export function call(
  name: string,
  userIdentity: object,
  requestParameters: object | null,
  own: object = {},
): object {
  const [service = '', eventName = ''] = name.split(':');
  return {
    version: '0',
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: ACCOUNT,
    detail: {
      eventVersion: '1.11',
      userIdentity,
      eventSource: `${service}.amazonaws.com`,
      eventName,
      requestParameters,
      managementEvent: true,
      readOnly: /^(Get|List|Describe)/.test(eventName),
      eventType: 'AwsApiCall',
      ...own,
    },
  };
}

/** The names of the watches that notice it. */
export const noticedBy = (watched: Watched, event: object): readonly string[] =>
  watchesOf(watched)
    .watches.filter(({ pattern }) => matchesPattern(pattern, event))
    .map(({ name }) => name);
