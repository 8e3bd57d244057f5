import * as z from 'zod';

import { HOUR } from '../../../contract/instant';
import { stableKeyOfSecretName } from '../../../contract/names';
import { STABLE_KEY } from '../../../contract/stable-key';
import { stableKeyIn } from '../model/stable-key';
import type { FaultBegan } from './fault-report';
import { quoted } from './quoted';

/** What only explains: without it, or with what nobody expected in its place, people are told all the same. */
const explanation = z.string().transform(quoted).optional().catch(undefined);

const principal = z.object({
  type: explanation,
  arn: explanation,
  accountId: explanation,
  invokedBy: explanation,
});

const members = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const detailSchema = z.object({
  eventName: z.string(),
  eventSource: z.string(),
  eventTime: z.iso.datetime({ offset: true }),
  errorCode: explanation,
  sourceIPAddress: explanation,
  userIdentity: principal.catch({}),
  requestParameters: members,
  responseElements: members,
});

/** A name, or several: DeleteAlarms takes as many as one likes. */
const names = z
  .string()
  .or(z.array(z.string()).transform((several) => several.join(', ')))
  .transform(quoted);

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
 * What somebody else did to rotated users, their secrets and what rotates them. Every event is a fault of its own, and
 * yet one secret that is read every second is one message in an hour: the log group has each. Another call, or the same
 * on something else, is another message.
 */
export function readSuspiciousAct(
  input: Readonly<Record<string, unknown>>,
  secretPrefix: string,
): readonly FaultBegan[] {
  const detail = detailSchema.parse(input);
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
      act: [eventName, subject, keyId?.slice(-4)].join(' '),
      reporter: 'trail',
      at,
      since: at - (at % HOUR),
      what: `${callerOf(detail)} called ${serviceOf(eventSource)}:${eventName}${subject === undefined ? '' : ` on ${subject}`}${from}.${refused}`,
    },
  ];
}

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
