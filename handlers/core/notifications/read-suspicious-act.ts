import { createHash } from 'node:crypto';

import * as z from 'zod/mini';

import { stableKeyOfSecretName } from '../../../contract/names';
import { STABLE_KEY } from '../../../contract/stable-key';
import { stableKeyIn } from '../model/stable-key';
import type { ActGroup, FaultBegan, SuspiciousAct } from './fault-report';
import { named } from './quoted';
import { IN_ENGLISH } from '../../../contract/schema-parts';

/** What only explains: without it, or with what nobody expected in its place, people are told all the same. */
const explanation = z.catch(z.optional(z.pipe(z.string(), z.transform(named))), undefined);

const principal = z.object({
  type: explanation,
  arn: explanation,
  accountId: explanation,
  invokedBy: explanation,
});

const members = z.catch(z.optional(z.record(z.string(), z.unknown())), undefined);

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const detailSchema = z.object({
  eventName: z.string(),
  eventSource: z.string(),
  eventTime: z.iso.datetime({ offset: true }),
  eventID: z.catch(z.optional(z.string()), undefined),
  errorCode: explanation,
  sourceIPAddress: explanation,
  userIdentity: z.catch(principal, {}),
  requestParameters: members,
  responseElements: members,
  /** Of an act that cannot be told to be a read, or of an item, the worse is assumed. */
  readOnly: z.catch(z.optional(z.boolean()), undefined),
  managementEvent: z.catch(z.optional(z.boolean()), undefined),
});

/** A name, or several: DeleteAlarms takes as many as one likes. */
const names = z.pipe(
  z.union([
    z.string(),
    z.pipe(
      z.array(z.string()),
      z.transform((several: string[]) => several.join(',')),
    ),
  ]),
  z.transform(named),
);

/** Of a secret, in Secrets Manager. Whoever calls may write anything in its place. */
const LONGEST_NAME = 512;

type Detail = z.output<typeof detailSchema>;

/** What the call was about, in the order in which it is worth a look. */
const SUBJECTS = [
  'userName',
  'roleName',
  'secretId',
  'tableName',
  'resourceArn',
  'functionName',
  'role',
  'rule',
  'trailName',
  'alarmName',
  'alarmNames',
  'topicArn',
  'subscriptionArn',
  'queueUrl',
  'logGroupName',
  'logGroupIdentifier',
  'resourceIdentifier',
  'policyName',
  'bucketName',
  'name',
  // EventBridge Scheduler.
  'Name',
];

/**
 * What somebody else did to rotated users, their secrets and what rotates them. One secret that is read every second by
 * one principal is one act: the log group has each read. What differs in anything but its time is another act.
 *
 * @param event - its id, and what the names of the secrets begin with
 */
export function readSuspiciousAct(
  input: Readonly<Record<string, unknown>>,
  { id, secretPrefix }: { readonly id: string; readonly secretPrefix: string },
): readonly FaultBegan[] {
  const detail = detailSchema.parse(input, IN_ENGLISH);
  const { errorCode, eventName, eventSource, eventTime, sourceIPAddress } = detail;
  const at = Date.parse(eventTime);
  const [subject, keyId] = [subjectOf(detail), keyIdOf(detail)];
  const refused = errorCode === undefined ? '' : ` It was refused (${errorCode}).`;
  const from = sourceIPAddress === undefined ? '' : ` from ${sourceIPAddress}`;
  return [
    {
      phase: 'began',
      kind: 'suspiciousAct',
      user: userOf(detail, secretPrefix),
      keyIdSuffix: keyId?.slice(-4),
      act: actOf(detail, input, id),
      reporter: 'trail',
      at,
      what: `${callerOf(detail)} called ${named(`${serviceOf(eventSource)}:${eventName}`)}${subject === undefined ? '' : ` on ${subject}`}${from}.${refused}`,
    },
  ];
}

function actOf(detail: Detail, input: Readonly<Record<string, unknown>>, eventId: string): SuspiciousAct {
  const group = groupOf(detail);
  const { eventName, eventSource, errorCode, sourceIPAddress } = detail;
  const who = memberOf(input, 'userIdentity');
  const facts = [
    ...[group, eventSource, eventName, errorCode, sourceIPAddress, keyIdOf(detail)],
    // A session is as old as it likes, and remains the same somebody.
    who === undefined ? undefined : { ...who, sessionContext: undefined },
    input['requestParameters'],
    // Two of these are never one, however alike they are.
    ...(group === 'watch' ? [detail.eventID ?? eventId] : []),
  ];
  const identity = createHash('sha256')
    .update(JSON.stringify(inOrder(facts, DEEPEST, eventId)))
    .digest('hex')
    .slice(0, 32);
  return { group, identity };
}

function groupOf(detail: Detail): ActGroup {
  if (detail.errorCode !== undefined) return 'refused';
  if (detail.readOnly === true || detail.eventName === 'GetSecretValue') return 'reads';
  switch (serviceOf(detail.eventSource)) {
    case 'secretsmanager':
      return 'changes';
    case 'iam':
      return typeof detail.requestParameters?.['roleName'] === 'string' ? 'watch' : 'changes';
    case 'dynamodb':
      return detail.managementEvent === false ? 'changes' : 'watch';
    default:
      return 'watch';
  }
}

/** Levels of a record. No call of AWS has as many, and a function cannot call itself as often as it likes. */
const DEEPEST = 100;

/**
 * CloudTrail promises no order of what is in a record.
 *
 * @param deeper stands for what lies below these levels: the event's own id, with which the act is like no other
 */
function inOrder(value: unknown, levels: number, deeper: string): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (levels === 0) return deeper;
  if (Array.isArray(value)) return value.map((inner) => inOrder(inner, levels - 1, deeper));
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]): unknown => [name, inOrder(inner, levels - 1, deeper)]);
}

const memberOf = (
  input: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> | undefined => members.parse(input[name]);

const serviceOf = (eventSource: string): string => eventSource.replace(/\.amazonaws\.com$/, '');

/** Somebody of another account is seen without a name. */
const callerOf = ({ userIdentity: { arn, accountId, invokedBy, type } }: Detail): string =>
  arn ?? invokedBy ?? (accountId === undefined ? (type ?? 'Somebody') : `Somebody of account ${accountId}`);

function subjectOf({ requestParameters }: Detail): string | undefined {
  return SUBJECTS.map((name) => names.safeParse(requestParameters?.[name])).find(({ success }) => success)
    ?.data;
}

/**
 * By the secret, which is named after the user's stable key. Callers write its ARN, with or without the six characters at
 * its end, or its name; no secret's name ends as such an ARN does.
 */
function userOf({ requestParameters }: Detail, secretPrefix: string): string | undefined {
  const secretId = requestParameters?.['secretId'];
  if (typeof secretId !== 'string') return undefined;
  const name = secretId.replace(/^arn:.*:secret:/, '');
  const key = stableKeyIn(secretId, secretPrefix) ?? stableKeyOfSecretName(name, secretPrefix);
  return key !== undefined && key.length <= LONGEST_NAME && STABLE_KEY.test(key) ? key : undefined;
}

function keyIdOf({ requestParameters, responseElements }: Detail): string | undefined {
  const made = responseElements?.['accessKey'];
  const keyId =
    requestParameters?.['accessKeyId'] ??
    (typeof made === 'object' && made !== null && 'accessKeyId' in made ? made.accessKeyId : undefined);
  return typeof keyId === 'string' ? keyId : undefined;
}
