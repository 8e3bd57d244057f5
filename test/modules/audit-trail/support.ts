import { awsPlace } from '../../../modules/aws/aws-place';
import type { Watched, WatchedUser } from '../../../modules/audit-trail/watched';
import { watchesOf } from '../../../modules/audit-trail/watches';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import type { Principal } from '../../../sandbox/front/principal';
import { type Call, eventOfCall } from '../../support/cloudtrail-records';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const PLACE = awsPlace({ partition: 'aws', accountId: ACCOUNT, region: REGION });

const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:iam-key-rotation`;

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
  rotationFunctions: users.map(({ stableKey }) => `iam-key-rotation-${stableKey}`),
  deployRoleArn: role('ci/terraform'),
  ...own,
});

/** A session of a role. */
export const session = (roleName: string, account = ACCOUNT, partition = 'aws'): Principal => ({
  type: 'role',
  arn: `arn:${partition}:iam::${account}:role/some/path/${roleName}`,
  callerArn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/session`,
  userId: 'AROAEXAMPLE:session',
});

export const iamUser = (userName: string): Principal => {
  const arn = `arn:aws:iam::${ACCOUNT}:user/path/${userName}`;
  return { type: 'user', arn, callerArn: arn, userId: 'AIDAEXAMPLE' };
};

export const rootUser: Principal = {
  type: 'admin',
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  callerArn: `arn:aws:iam::${ACCOUNT}:root`,
  userId: ACCOUNT,
};

/** Somebody who has no business with what is watched. */
export const person = session('Administrator');

/** A call as EventBridge hears of it. */
export const event = (who: Principal, call: Call, own: { region?: string; errorCode?: string } = {}) =>
  eventOfCall(call, { who, accountId: ACCOUNT, region: REGION, ...own });

/** The names of the watches that notice it. */
export async function noticedBy(watched: Watched, heard: Promise<object>): Promise<readonly string[]> {
  const told = await heard;
  return watchesOf(watched)
    .watches.filter(({ pattern }) => matchesPattern(pattern, told))
    .map(({ name }) => name);
}
