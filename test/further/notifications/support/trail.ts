import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';

import { awsPlace } from '../../../../modules/aws/aws-place';
import { secretsManagerPattern } from '../../../../modules/rotation-alarms/event-patterns';
import type { LocalAws } from '../../../../sandbox/local-aws';
import { ObjectStore } from '../../../support/object-store';

const RULE = 'iam-key-rotation-notify-aws';

/** A trail that somebody else has in the account. */
export async function startTrail(aws: LocalAws): Promise<void> {
  await ObjectStore.create(aws, 'somebodys-trail');
  const trails = new CloudTrailClient(aws.clientConfig());
  await trails.send(new CreateTrailCommand({ Name: 'somebodys', S3BucketName: 'somebodys-trail' }));
  await trails.send(new StartLoggingCommand({ Name: 'somebodys' }));
}

/** The same, and the rule that a stack makes where there is one. */
export async function startTrailWithRule(aws: LocalAws): Promise<void> {
  const config = aws.clientConfig();
  await startTrail(aws);
  const place = awsPlace({ partition: 'aws', accountId: aws.accountId, region: aws.region });
  const events = new EventBridgeClient(config);
  const EventPattern = JSON.stringify(secretsManagerPattern('iam-key-rotation', place));
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: RULE, EventPattern }));
  const Arn = `arn:aws:lambda:${aws.region}:${aws.accountId}:function:iam-key-rotation-notify`;
  await events.send(new PutTargetsCommand({ Rule: RULE, Targets: [{ Id: 'notify-people', Arn }] }));
  await new LambdaClient(config).send(
    new AddPermissionCommand({
      FunctionName: 'iam-key-rotation-notify',
      StatementId: RULE,
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: RuleArn,
    }),
  );
}
