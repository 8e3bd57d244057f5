import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeSecretCommand,
  paginateListSecrets,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { LocalAws } from '../local-aws';

type Say = (line: string) => void;

/** Has done what AWS would do by itself at this time of its clock: rotations that are due, and every schedule once. */
export async function runDue(aws: LocalAws, say: Say): Promise<void> {
  await rotateWhatIsDue(aws, say);
  await runSchedules(aws, say);
  await aws.eventsDelivered();
}

async function rotateWhatIsDue(aws: LocalAws, say: Say): Promise<void> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  for await (const { SecretList = [] } of paginateListSecrets({ client: secrets }, {})) {
    for (const { Name } of SecretList) {
      const { RotationEnabled, NextRotationDate } = await secrets.send(
        new DescribeSecretCommand({ SecretId: Name }),
      );
      if (RotationEnabled !== true || NextRotationDate === undefined || NextRotationDate > aws.now())
        continue;
      const before = aws.events().at(-1);
      await secrets.send(new RotateSecretCommand({ SecretId: Name }));
      await aws.rotationsSettled();
      const events = aws.events();
      const ended = events
        .slice(before === undefined ? 0 : events.lastIndexOf(before) + 1)
        .map(({ eventName }) => eventName);
      say(`rotation of ${String(Name)}: ${ended.join(', ')}`);
    }
  }
}

async function runSchedules(aws: LocalAws, say: Say): Promise<void> {
  const scheduler = new SchedulerClient(aws.clientConfig());
  const lambda = new LambdaClient(aws.clientConfig());
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, {})) {
    for (const { Name, State } of Schedules) {
      if (State === 'DISABLED') continue;
      const { Target: { Arn, Input } = {} } = await scheduler.send(new GetScheduleCommand({ Name }));
      if (Arn === undefined) continue;
      const { FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: Arn, Payload: Buffer.from(Input ?? '{}') }),
      );
      await aws.rotationsSettled();
      say(
        `schedule ${String(Name)}: ${FunctionError === undefined ? 'its function has run' : 'its function failed'}`,
      );
    }
  }
}
