import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { deliveryFunctionName } from '../../../contract/names';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { Account } from '../../e2e/stack/support/account';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../../support/iam-evaluation/authorizer';
import { createKey } from '../../support/rich-account';
import { EcsService } from './support/ecs-service';
import { whileTimePasses } from './support/time-passes';

const ROLE = 'arn:aws:iam::111122223333:role/iam-key-rotation-deliver';

/** Customer keys encrypt the user's secret, the other secret and the parameter; a service is restarted. */
describeWithTools('R9: the role of the delivery function', () => {
  let aws: LocalAws;
  let stack: AppliedStack;
  let account: Account;
  let authorizer: Authorizer;

  beforeAll(async () => {
    authorizer = createAuthorizer(() => aws);
    aws = await startLocalAws({
      authorize: authorizer.authorize,
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { retryDelayMs: 10 },
      rollouts: { takesSeconds: 1 },
    });
    account = new Account(aws);
    stack = new AppliedStack(aws.environment);
    const [own, theirs, ofParameter] = [await createKey(aws), await createKey(aws), await createKey(aws)];
    await new SecretsManagerClient(aws.clientConfig()).send(
      new CreateSecretCommand({ Name: 'payments/env', SecretString: '{}', KmsKeyId: theirs }),
    );
    const { arn: ecsService } = await EcsService.create(aws, 'payments', 'api');
    await stack.apply(
      aStack(
        [
          aUser('payments', {
            kmsKeyArn: own,
            deliver: [
              { kind: 'secret', id: 'payments/env', fields: { KEY: 'AccessKeyId' }, kmsKeyArn: theirs },
              { kind: 'parameter', name: '/payments/aws-key', kmsKeyArn: ofParameter },
              { kind: 'restart', ecsService },
            ],
          }),
        ],
        { secretRecoveryDays: 0 },
      ),
    );
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

  const deliver = async (): Promise<unknown> => {
    const { Payload } = await whileTimePasses(
      aws,
      account.lambda.send(
        new InvokeCommand({
          FunctionName: deliveryFunctionName('iam-key-rotation'),
          Payload: '{"deliver":"all"}',
        }),
      ),
    );
    return JSON.parse(Buffer.from(Payload!).toString());
  };

  it('suffices to deliver, before and after a rotation', async () => {
    await deliver();
    expect(await deliver()).toMatchObject({ users: 1, failed: 0, usersFailed: 0 });
    expect(await account.rotate('iam-key-rotation/payments')).toContain('RotationSucceeded');
    await deliver();
    expect(await deliver()).toMatchObject({ delivered: 0, failed: 0, usersFailed: 0 });
  });

  it('suffices for what Lambda and Scheduler do with it when a run fails', async () => {
    const onFailure = await stack.applied('aws_lambda_function_event_invoke_config.deliver');
    const [{ on_failure: failed }] = onFailure['destination_config'] as [
      { on_failure: [{ destination: string }] },
    ];
    const schedule = await stack.applied('aws_scheduler_schedule.deliver');
    const [target] = schedule['target'] as [
      { arn: string; role_arn: string; dead_letter_config: [{ arn: string }] },
    ];
    const queue = target.dead_letter_config[0].arn;
    expect(await authorizer.allowsAws(ROLE, 'sqs:SendMessage', failed[0].destination)).toBe(true);
    expect(await authorizer.allowsAws(target.role_arn, 'lambda:InvokeFunction', target.arn)).toBe(true);
    expect(await authorizer.allowsAws(target.role_arn, 'sqs:SendMessage', queue)).toBe(true);
    expect(await authorizer.unusedGrants(target.role_arn)).toEqual([]);
  });

  it('was refused nothing, and holds nothing else than what a parameter of the advanced tier needs', async () => {
    expect(authorizer.refusals()).toEqual([]);
    expect(await authorizer.unusedGrants(ROLE)).toEqual([
      'EncryptParameterTargets: action kms:GenerateDataKey',
    ]);
  });
});
