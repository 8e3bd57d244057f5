import * as z from 'zod';

import { iamEventsRegion } from '../../../contract/iam-events-region';
import { DAY, type Instant } from '../../../contract/instant';
import { lookUpEvents } from '../../event-history';
import { type Check, type Context, type Finding, warning } from '../check';

const DAYS = 14;
/** The event history is read at two pages of 50 a second. */
const MOST_EVENTS = 1_000;

const eventSchema = z.object({
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }),
  requestParameters: z.object({ userName: z.string().optional(), status: z.string().optional() }).nullish(),
  errorCode: z.string().optional(),
});

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
    return [
      ...[...roles.keys()]
        .filter((name) => DEACTIVATING_ROLE.test(name))
        .map((name) =>
          warning(
            name,
            "AWS's Automated Security Response can deactivate keys in this account.",
            LEAVE_THEM_OUT,
          ),
        ),
      ...acts,
    ];
  },
};

interface Acts {
  readonly users: Set<string>;
  readonly lastAt: Instant;
  count: number;
}

async function actsOfOthers({ expected, account }: Context): Promise<readonly Finding[]> {
  const region = iamEventsRegion(account.partition);
  if (region === undefined) return [];
  const own = new Set(expected.named('aws_iam_role').map(({ name }) => name));
  const ours = new Set(expected.users.map(({ userName }) => userName));
  const until = Date.now() + account.clockOffset;
  const found = new Map<string, Acts>();
  let read = 0;
  const events = lookUpEvents(
    { ...account.connection, region },
    {
      attribute: { AttributeKey: 'EventName', AttributeValue: 'UpdateAccessKey' },
      since: until - DAYS * DAY,
      until,
    },
  );
  for await (const event of events) {
    if (++read > MOST_EVENTS) break;
    const { userIdentity, requestParameters, errorCode } = eventSchema.parse(
      JSON.parse(event.CloudTrailEvent ?? '{"userIdentity":{}}'),
    );
    const user = requestParameters?.userName ?? '';
    const actor = userIdentity.arn ?? userIdentity.invokedBy ?? 'somebody';
    const isOwn = own.has(/:assumed-role\/([^/]+)\//.exec(actor)?.[1] ?? '');
    if (isOwn || errorCode !== undefined || requestParameters?.status !== 'Inactive' || !ours.has(user))
      continue;
    const acts = found.get(actor) ?? {
      users: new Set(),
      lastAt: event.EventTime?.getTime() ?? until,
      count: 0,
    };
    acts.users.add(user);
    acts.count += 1;
    found.set(actor, acts);
  }
  return [...found].map(([actor, { users, lastAt, count }]) =>
    warning(
      actor,
      `It deactivated ${count} ${count === 1 ? 'key' : 'keys'} of ${[...users].join(', ')}, last on ${new Date(lastAt).toISOString()}.`,
      `If that was a person who knows why, nothing is to do. ${LEAVE_THEM_OUT}`,
    ),
  );
}
