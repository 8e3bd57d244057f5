import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { DynamoDbNotificationStore } from '../../../handlers/aws/dynamodb-notification-store';
import { DynamoDbToldActsStore } from '../../../handlers/aws/dynamodb-told-acts-store';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { holdNotificationStore } from '../../conformance/hold-notification-store';
import { holdToldActsStore } from '../../conformance/hold-told-acts-store';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { createTable, TABLE } from './sandbox-world';

describeWithTools('what people were told, in DynamoDB', () => {
  let client: DynamoDBClient;
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws();
    client = new DynamoDBClient(aws.clientConfig());
    await createTable(client);
  });
  afterAll(() => aws.stop());

  describe('of faults', () => {
    holdNotificationStore(() => Promise.resolve(new DynamoDbNotificationStore(client, TABLE)));
  });

  describe('of acts', () => {
    holdToldActsStore(() => Promise.resolve(new DynamoDbToldActsStore(client, TABLE)));
  });
});
