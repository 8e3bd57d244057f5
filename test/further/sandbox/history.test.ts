import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import { HOUR } from '../../../contract/instant';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { createFunction } from '../../e2e/support/create-function';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('the local AWS with a history that is kept for some time', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ historyMs: HOUR });
    const logs = new CloudWatchLogsClient(aws.clientConfig());
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/teller' }));
    await createFunction(aws, {
      FunctionName: 'teller',
      code: 'export const handler = ({ text }) => void console.log(text);',
    });
  });
  afterAll(() => aws.stop());

  /** Everything that leaves a trace, with this text in it. */
  const act = async (text: string): Promise<void> => {
    const [iam, events, lambda] = [
      new IAMClient({ ...aws.clientConfig(), region: 'us-east-1' }),
      new EventBridgeClient(aws.clientConfig()),
      new LambdaClient(aws.clientConfig()),
    ];
    await iam.send(new CreateUserCommand({ UserName: text }));
    await events.send(
      new PutEventsCommand({ Entries: [{ Source: 'bench', DetailType: text, Detail: '{}' }] }),
    );
    await lambda.send(new InvokeCommand({ FunctionName: 'teller', Payload: JSON.stringify({ text }) }));
  };
  const traces = async (text: string): Promise<readonly boolean[]> => {
    const [trail, logs] = [
      new CloudTrailClient({ ...aws.clientConfig(), region: 'us-east-1' }),
      new CloudWatchLogsClient(aws.clientConfig()),
    ];
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateUser' }],
      }),
    );
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/teller' }),
    );
    return [
      aws.calls().some(({ parameters }) => parameters['UserName'] === text),
      Events.some(({ CloudTrailEvent = '' }) => CloudTrailEvent.includes(text)),
      aws.busEvents().some((event) => event['detail-type'] === text),
      aws.functionLogs('teller').includes(text),
      events.some(({ message = '' }) => message.includes(text)),
    ];
  };

  it('forgets calls, events and logs that are older', async () => {
    await act('first');
    expect(await traces('first')).toEqual([true, true, true, true, true]);
    aws.clockShiftMs += 2 * HOUR;
    await act('second');
    expect(await traces('second')).toEqual([true, true, true, true, true]);
    expect(await traces('first')).toEqual([false, false, false, false, false]);
  });
});
