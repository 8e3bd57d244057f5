import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { DynamoDbNotificationStore } from '../../../handlers/aws/dynamodb-notification-store';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { holdNotificationStore } from '../../conformance/hold-notification-store';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { createTable, TABLE } from './sandbox-world';

jest.setTimeout(60_000);

describeWithTools('the record of what people were told, in DynamoDB', () => {
  let aws: LocalAws;
  afterAll(() => aws.stop());

  holdNotificationStore(async () => {
    aws = await startLocalAws();
    const client = new DynamoDBClient(aws.clientConfig());
    await createTable(client);
    return new DynamoDbNotificationStore(client, TABLE);
  });
});
