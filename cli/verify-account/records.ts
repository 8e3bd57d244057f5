import { paginateLookupEvents, PutEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';

import { SECOND, type Instant } from '../../contract/instant';
import { iamEventsRegion } from '../../contract/iam-events-region';
import type { Account } from './account';
import { inWords, refusalOf } from './asking';
import { doesNotHold, holds, notTried, type Finding } from './assumption';
import type { Part } from './resources';

/*
 * How CloudTrail writes a call down, from its event history, which needs no trail. Most of these calls are about something
 * that is not there: they are refused, and recorded all the same.
 */

export const RECORDED_USER: Part = { kind: 'user', part: 'iam-event' };

interface CallRecord {
  readonly eventName: string;
  readonly awsRegion: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
}

interface Question {
  readonly key: 'EventName' | 'EventSource';
  readonly value: string;
  readonly from: Instant;
  /** @default that of the account's stack */
  readonly region?: string;
}

/** The event history is asked twice a second at most in a region, by everybody together. */
const PAUSE_BETWEEN_LOOKS = 10 * SECOND;

/** The clocks of AWS's services and ours differ, and the history has whole seconds. */
const CLOCK_MARGIN = 60 * SECOND;

/** The newest record with this text in it. */
async function recordOf(account: Account, question: Question, text: string): Promise<CallRecord | undefined> {
  const { key, value, from, region = account.caller.region } = question;
  const pages = paginateLookupEvents(
    { client: account.clientsIn(region).trails },
    {
      LookupAttributes: [{ AttributeKey: key, AttributeValue: value }],
      StartTime: new Date(from - CLOCK_MARGIN),
    },
  );
  for await (const { Events = [] } of pages) {
    for (const { CloudTrailEvent = '{}' } of Events)
      if (CloudTrailEvent.includes(text)) return JSON.parse(CloudTrailEvent) as CallRecord;
  }
  return undefined;
}

async function waitForRecord(account: Account, question: Question, text: string) {
  const interval = Math.min(account.patience / 10, PAUSE_BETWEEN_LOOKS);
  return account.until(() => recordOf(account, question, text), account.patience, interval);
}

const notShown = ({ patience }: Account): Finding =>
  notTried(
    `The event history did not show the call within ${inWords(patience)}: give --patience more minutes.`,
  );

const withoutParameters = notTried('The record has no parameters, because the call was refused.');

export async function iamEventsAreInOneRegion(account: Account): Promise<Finding> {
  const expected = iamEventsRegion(account.caller.partition);
  if (expected === undefined)
    return notTried(
      `It is not documented which region that is in the partition ${account.caller.partition}.`,
    );
  const from = Date.now();
  const userName = await account.makeUser(RECORDED_USER);
  const question = { key: 'EventName', value: 'CreateUser', from } as const;
  const regions = [...new Set([expected, account.caller.region])];
  const shown = await account.until(
    async () => {
      for (const region of regions) {
        const record = await recordOf(account, { ...question, region }, userName);
        if (record) return { region, record };
      }
      return undefined;
    },
    account.patience,
    Math.min(account.patience / 10, PAUSE_BETWEEN_LOOKS),
  );
  if (!shown) return notShown(account);
  const { region, record } = shown.answer;
  const seen = `The call is in the event history of ${region}, as of ${record.awsRegion}, after ${inWords(shown.after)}.`;
  return region === expected && record.awsRegion === expected ? holds(seen) : doesNotHold(seen);
}

export async function selectorsNameTheTrail(account: Account): Promise<Finding> {
  const from = Date.now();
  const TrailName = account.nameOfNothing('no-trail');
  await refusalOf(
    account.clients.trails.send(
      new PutEventSelectorsCommand({
        ...{ TrailName, EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] },
      }),
    ),
  );
  const shown = await waitForRecord(
    account,
    { key: 'EventName', value: 'PutEventSelectors', from },
    TrailName,
  );
  if (!shown) return notShown(account);
  return spelling(shown.answer, TrailName, ['trailName']);
}

export async function scheduleIsNamed(account: Account): Promise<Finding> {
  const from = Date.now();
  const Name = account.nameOfNothing('no-schedule');
  await refusalOf(account.clients.scheduler.send(new DeleteScheduleCommand({ Name })));
  const shown = await waitForRecord(account, { key: 'EventName', value: 'DeleteSchedule', from }, Name);
  if (!shown) return notShown(account);
  return spelling(shown.answer, Name, ['name', 'Name']);
}

export async function functionIsNamed(account: Account): Promise<Finding> {
  const from = Date.now();
  const name = account.nameOfNothing('no-function');
  const FunctionName = `${account.caller.accountId}:function:${name}`;
  await refusalOf(
    account.clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'There is no such function.' }),
    ),
  );
  // Lambda's names in CloudTrail carry the version of its API, so the source is asked for.
  const question = { key: 'EventSource', value: 'lambda.amazonaws.com', from } as const;
  const shown = await waitForRecord(account, question, name);
  if (!shown) return notShown(account);
  const { requestParameters } = shown.answer;
  if (!requestParameters) return withoutParameters;
  const written = requestParameters['functionName'];
  const arn = account.arn('lambda', `function:${name}`);
  return written === name || written === arn
    ? holds(`It is written as ${written}.`)
    : doesNotHold(`It is written as ${String(written)}.`);
}

/** Which of these parameters has the name. */
function spelling(record: CallRecord, name: string, expected: readonly string[]): Finding {
  const parameters = record.requestParameters;
  if (!parameters) return withoutParameters;
  const found = Object.keys(parameters).filter((key) => parameters[key] === name);
  const seen = `The name is in: ${found.map((key) => `requestParameters.${key}`).join(', ') || 'no parameter'}.`;
  return found.some((key) => expected.includes(key)) ? holds(seen) : doesNotHold(seen);
}
