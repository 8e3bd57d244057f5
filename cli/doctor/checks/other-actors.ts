import { iamEventsRegion } from '../../../contract/iam-events-region';
import { DAY, type Instant } from '../../../contract/instant';
import { knownUsers } from '../../report/known-users';
import { eachEvent } from '../../report/read-history';
import { keyActOf } from '../../report/read-report';
import { type Check, type Context, CouldNotLookError, type Finding, warning } from '../check';

const DAYS = 14;
/** The event history is read at two pages of 50 a second. */
const MOST_EVENTS = 1_000;

const EVENT_NAME = 'UpdateAccessKey';

/**
 * The roles of AWS's Automated Security Response whose runbooks deactivate keys, whatever this product thinks of them.
 * https://github.com/aws-solutions/automated-security-response-on-aws
 */
const DEACTIVATING_ROLE = /^SO0111-.*(RevokeUnrotatedKeys|RevokeUnusedIAMUserCredentials)/;

const LEAVE_THEM_OUT =
  'Leave the rotated users out of that automation, for instance a remediation of an AWS Config rule (AWSConfigRemediation-RevokeUnusedIAMUserCredentials) ' +
  'or Automated Security Response: it would deactivate keys that are held here because something uses them.';

export const otherActors: Check = {
  name: 'other-actors',
  looksAt: `who else deactivated keys of the users in the last ${DAYS} days (the newest ${MOST_EVENTS} events), and what AWS's automations may`,
  permissions: ['cloudtrail:LookupEvents', 'iam:ListRoles'],
  async run(context) {
    const [roles, acts] = await Promise.all([context.account.roles(), actsOfOthers(context)]);
    const findings = [
      ...[...roles.keys()]
        .filter((name) => DEACTIVATING_ROLE.test(name))
        .map((name) =>
          warning(
            name,
            "AWS's Automated Security Response can deactivate keys in this account.",
            LEAVE_THEM_OUT,
          ),
        ),
      ...acts.findings,
    ];
    if (acts.couldNotLook !== undefined) throw new CouldNotLookError(acts.couldNotLook, findings);
    return findings;
  },
};

interface Looked {
  readonly findings: readonly Finding[];
  /** Why that may not be all. */
  readonly couldNotLook?: string;
}

/** What one actor did. */
interface Acts {
  readonly users: Set<string>;
  readonly lastAt: Instant;
  count: number;
}

async function actsOfOthers({ expected, account }: Context): Promise<Looked> {
  const region = iamEventsRegion(account.partition);
  if (region === undefined) {
    const why = `It is not documented in which region IAM reports in the partition ${account.partition}.`;
    return { findings: [], couldNotLook: why };
  }
  const own = new Set(expected.named('aws_iam_role').map(({ name }) => name));
  const known = knownUsers({
    stack: expected.prefix,
    users: expected.users.map(({ userName }) => ({ user: userName, userName, keys: [] })),
  });
  const until = Date.now() + account.clockOffset;
  const found = new Map<string, Acts>();
  const { events, unreadable, cutAt } = await eachEvent(
    { ...account.connection, region },
    { eventName: EVENT_NAME, period: { from: until - DAYS * DAY, until }, most: MOST_EVENTS },
    (record) => {
      const act = keyActOf(EVENT_NAME, record, known);
      if (act?.act !== 'deactivated' || act.refused !== undefined || own.has(roleOf(act.by))) return;
      const acts = found.get(act.by) ?? { users: new Set(), lastAt: act.at, count: 0 };
      acts.users.add(act.user);
      acts.count += 1;
      found.set(act.by, acts);
    },
    () => undefined,
  );
  const findings = [...found].map(([actor, { users, lastAt, count }]) =>
    warning(
      actor,
      `It deactivated ${count} ${count === 1 ? 'key' : 'keys'} of ${[...users].join(', ')}, last on ${new Date(lastAt).toISOString()}.`,
      `If that was a person who knows why, nothing is to do. ${LEAVE_THEM_OUT}`,
    ),
  );
  const notSeen = [
    ...(unreadable === 0
      ? []
      : [
          `${unreadable} of the ${events} events ${EVENT_NAME} in ${region} hold no record that can be read.`,
        ]),
    ...(cutAt === undefined
      ? []
      : [
          `There are more than ${MOST_EVENTS} events ${EVENT_NAME} in ${region}: those before ${new Date(cutAt).toISOString()} were not read.`,
        ]),
  ];
  return notSeen.length === 0 ? { findings } : { findings, couldNotLook: notSeen.join(' ') };
}

/** The name of the role that acted, or of the role whose session did; '' where it was none. */
const roleOf = (arn: string): string =>
  /:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? /^[^/]*:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] ?? '';
