import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateUserCommand, DeleteUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { ApiError } from '../../../sandbox/front/api-call';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../sandbox/local-aws';
import { createFunction } from '../../e2e/support/create-function';
import { ObjectStore } from '../../support/object-store';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const FAST = { accessKeys: { propagation: { delaySeconds: 0, flapping: false } }, callsReachEventBus: true };

describeWithTools('the event buses of the local AWS', () => {
  let aws: LocalAws;
  let mayPutEvents: boolean;

  const start = async (options: LocalAwsOptions = {}): Promise<void> => {
    mayPutEvents = true;
    aws = await startLocalAws({
      ...FAST,
      authorize: ({ service, action }) => {
        if (service === 'events' && action === 'PutEvents' && !mayPutEvents)
          throw new ApiError('AccessDeniedException', 'not you');
      },
      ...options,
    });
  };
  afterEach(() => aws.stop());

  const startTrail = async (IsMultiRegionTrail: boolean): Promise<CloudTrailClient> => {
    await ObjectStore.create(aws, 'trail');
    const trails = new CloudTrailClient(aws.clientConfig());
    await trails.send(new CreateTrailCommand({ Name: 'trail', S3BucketName: 'trail', IsMultiRegionTrail }));
    await trails.send(new StartLoggingCommand({ Name: 'trail' }));
    return trails;
  };
  /** `eu-west-1 GetSecretValue`, of what is about calls. */
  const seen = async (...names: string[]): Promise<string[]> => {
    await aws.eventsDelivered();
    return aws
      .busEvents()
      .map(({ region, detail }) => `${String(region)} ${(detail as { eventName: string }).eventName}`)
      .filter((event) => names.some((name) => event.endsWith(` ${name}`)));
  };
  const iam = () => new IAMClient(aws.clientConfig());
  const createUser = (UserName: string) => iam().send(new CreateUserCommand({ UserName }));

  it("tell of an IAM call in the region of IAM's control plane, and of the read of a copy in the copy's region", async () => {
    await start();
    await startTrail(true);
    await createUser('ci');
    await new SecretsManagerClient(aws.clientConfig()).send(
      new CreateSecretCommand({
        Name: 's',
        SecretString: 'x',
        AddReplicaRegions: [{ Region: 'eu-central-1' }],
      }),
    );
    await new SecretsManagerClient({ ...aws.clientConfig(), region: 'eu-central-1' }).send(
      new GetSecretValueCommand({ SecretId: 's' }),
    );

    expect(await seen('CreateUser', 'CreateSecret', 'GetSecretValue')).toEqual([
      'us-east-1 CreateUser',
      'eu-west-1 CreateSecret',
      'eu-central-1 GetSecretValue',
    ]);
  });

  it.each([
    ['cn-north-1', 'aws-cn', 'cn-northwest-1'],
    ['us-gov-west-1', 'aws-us-gov', 'us-gov-east-1'],
  ])(
    'tell of IAM in %s for the partition %s, whose ARNs are its own',
    async (controlPlane, partition, region) => {
      await start({ region });
      await startTrail(true);
      await createUser('ci');
      const { ARN } = await new SecretsManagerClient(aws.clientConfig()).send(
        new CreateSecretCommand({ Name: 's' }),
      );

      expect(ARN).toMatch(new RegExp(`^arn:${partition}:secretsmanager:${region}:`));
      expect(await seen('CreateUser')).toEqual([`${controlPlane} CreateUser`]);
    },
  );

  it('tell nothing of IAM where the only trail is of another region', async () => {
    await start();
    await startTrail(false);
    await createUser('ci');

    expect(await seen('CreateUser')).toEqual([]);
  });

  it('tell nothing any more once the trail selects no management events', async () => {
    await start();
    const trails = await startTrail(true);
    await createUser('before');
    await trails.send(
      new PutEventSelectorsCommand({
        TrailName: 'trail',
        EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false, DataResources: [] }],
      }),
    );
    await createUser('after');

    expect(await seen('CreateUser')).toEqual(['us-east-1 CreateUser']);
  });

  it('tell of calls twice and out of order, where that is wished', async () => {
    await start({ cloudTrail: { delayMs: 300, reordered: true, repeated: true } });
    await startTrail(true);
    await aws.eventsDelivered();
    await createUser('ci');
    await iam().send(new DeleteUserCommand({ UserName: 'ci' }));

    const events = await seen('CreateUser', 'DeleteUser');
    expect(events).toHaveLength(4);
    expect(events.indexOf('us-east-1 DeleteUser')).not.toBe(events.lastIndexOf('us-east-1 DeleteUser'));
    const inOrder = [
      'us-east-1 CreateUser',
      'us-east-1 CreateUser',
      'us-east-1 DeleteUser',
      'us-east-1 DeleteUser',
    ];
    // Which of the two is overtaken depends on how many calls came before; StartLogging is one of them.
    expect([inOrder, [...inOrder].reverse()]).toContainEqual(events);
  });

  it('tell of a label that moves, without a trail, and not of AWSPENDING and AWSPREVIOUS', async () => {
    await start();
    const secrets = new SecretsManagerClient(aws.clientConfig());
    const { ARN, VersionId } = await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    await aws.eventsDelivered();

    expect(aws.busEvents()).toMatchObject([
      {
        ...{ source: 'aws.secretsmanager', 'detail-type': 'Secret Label Updated', resources: [ARN] },
        detail: { name: 's', labelUpdated: 'AWSCURRENT', versionId: VersionId },
      },
    ]);
  });

  it('take no event of anybody whose source begins as those of AWS do', async () => {
    await start();
    const entry = { DetailType: 'AWS API Call via CloudTrail', Detail: '{}' };
    const { FailedEntryCount, Entries } = await new EventBridgeClient(aws.clientConfig()).send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Source: 'aws.iam' },
          { ...entry, Source: 'mine' },
        ],
      }),
    );

    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([
      { ErrorCode: 'NotAuthorizedForSourceException' },
      { EventId: expect.any(String) as string },
    ]);
    expect(aws.busEvents()).toHaveLength(1);
  });

  it('take no rule whose pattern EventBridge does not take', async () => {
    await start();
    await expect(
      new EventBridgeClient(aws.clientConfig()).send(
        new PutRuleCommand({ Name: 'wrong', EventPattern: '{"source":[{"wildcard":"a**"}]}' }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  });

  it("hand an event on to another region's rules with the role of the target, and only where it may put events there", async () => {
    await start();
    await startTrail(true);
    const { functionArn, roleArn } = await createFunction(aws, {
      FunctionName: 'hear',
      code: 'export const handler = (event) => console.log("heard", event.region, event.detail.requestParameters.userName);',
      role: {
        name: 'forward',
        trust: JSON.stringify({
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        }),
      },
    });
    const lambda = new LambdaClient(aws.clientConfig());
    const pattern = JSON.stringify({ source: ['aws.iam'], detail: { eventName: ['CreateUser'] } });
    const rule = async (region: string, Target: { Arn: string; RoleArn?: string }): Promise<string> => {
      const events = new EventBridgeClient({ ...aws.clientConfig(), region });
      const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'r', EventPattern: pattern }));
      await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', ...Target }] }));
      return RuleArn!;
    };
    const SourceArn = await rule('eu-west-1', { Arn: functionArn });
    await lambda.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'hear', StatementId: 's', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'events.amazonaws.com', SourceArn },
      }),
    );
    const heard = async (): Promise<string[]> => {
      await aws.eventsDelivered();
      return aws.functionLogs('hear').match(/heard \S+ \S+/g) ?? [];
    };

    await createUser('not-forwarded');
    expect(await heard()).toEqual([]);
    await rule('us-east-1', {
      ...{ Arn: `arn:aws:events:eu-west-1:${aws.accountId}:event-bus/default`, RoleArn: roleArn },
    });
    mayPutEvents = false;
    await createUser('not-allowed');
    expect(await heard()).toEqual([]);
    mayPutEvents = true;
    await createUser('forwarded');
    expect(await heard()).toEqual(['heard us-east-1 forwarded']);
  });
});
