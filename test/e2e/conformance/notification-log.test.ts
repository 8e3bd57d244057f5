import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { DynamoDbNotificationLog } from '../../../handlers/aws/dynamodb-notification-log';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { holdNotificationLog } from '../../conformance/hold-notification-log';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { createTable, TABLE } from './sandbox-world';

jest.setTimeout(60_000);

describeWithTools('the record of what people were told, in DynamoDB', () => {
  let aws: LocalAws;
  afterAll(() => aws.stop());

  holdNotificationLog(async () => {
    aws = await startLocalAws();
    const client = new DynamoDBClient(aws.clientConfig());
    await createTable(client);
    return new DynamoDbNotificationLog(client, TABLE);
  });
});
