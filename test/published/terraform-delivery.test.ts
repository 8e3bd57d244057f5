import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { doctorDocument } from '../../cli/doctor/doctor-document';
import { settingsSchema } from '../../contract/settings';
import { awsPlace } from '../../modules/aws/aws-place';
import { deliveryStatements } from '../../modules/key-delivery/policies';
import { readKey, whoAmI } from '../../sandbox/demo/application';
import { inventory } from '../../sandbox/demo/inventory';
import { runRetirement } from '../../sandbox/demo/retire';
import { type LocalAws, startLocalAws } from '../../sandbox/local-aws';
import { type Terraform, terraform } from '../../sandbox/terraform';
import { runCli } from '../cli/sync/support/run-cli';
import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../support/iam-evaluation/authorizer';
import { programOf } from './support/packed';
import { unpackModules } from './support/terraform-modules';

const FUNCTION = 'iam-key-rotation-deliver';

/** A set of one user without targets. */
const BEFORE = `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

module "base" {
  source     = "../base"
  name       = "production"
  protection = false
  delivers   = false
}

module "reports" {
  source               = "../rotated-user"
  base                 = module.base
  name                 = "reports"
  secret_recovery_days = 0
}
`;

/** Beside it the user of docs/terraform-module.md, and one of whose targets hardly anything is known when Terraform plans. */
const WITH_TARGETS = (documented: string): string => `
${BEFORE.replace('delivers   = false', 'delivers   = true')}

${documented.replaceAll('./modules/', '../').replace('[module.payments.delivery]', '[module.payments.delivery, module.mailer.delivery, module.reports.delivery]').replace('name   = "payments"', 'name   = "payments"\n  secret_recovery_days = 0')}

resource "aws_kms_key" "own" {}
resource "aws_kms_key" "of_targets" {}

resource "aws_secretsmanager_secret" "mail" {
  name                    = "mail/env"
  kms_key_id              = aws_kms_key.of_targets.arn
  recovery_window_in_days = 0
}

module "mailer" {
  source               = "../rotated-user"
  base                 = module.base
  name                 = "mailer"
  kms_key_arn          = aws_kms_key.own.arn
  ses_smtp_region      = "eu-west-1"
  secret_recovery_days = 0
  deliver = [
    {
      secret = {
        id          = aws_secretsmanager_secret.mail.arn
        fields      = { KEY = "AccessKeyId", PASSWORD = "SmtpPassword" }
        kms_key_arn = aws_kms_key.of_targets.arn
      }
    },
    { parameter = { name = "/mail/aws-key", kms_key_arn = aws_kms_key.of_targets.arn } },
  ]
}

output "delivery_function" {
  value = module.delivery.function_name
}
`;

/** Terraform writes a list where the constructs write a single text. */
const withListsOfOne = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      Array.isArray(one) && one.length === 1 ? (one[0] as unknown) : one,
    ),
  ) as unknown;

/** The functions may do what the policies of their roles say, and no more. */
describeWithTools('the Terraform modules deliver keys to targets', () => {
  let folder: string;
  let aws: LocalAws;
  let authorizer: Authorizer;
  let tf: Terraform;
  let before: readonly string[];
  let secrets: SecretsManagerClient;
  let ssm: SSMClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'terraform-delivery-'));
    unpackModules(folder);
    authorizer = createAuthorizer(() => aws);
    aws = await startLocalAws({
      authorize: authorizer.authorize,
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { retryDelayMs: 10 },
    });
    secrets = new SecretsManagerClient(aws.clientConfig());
    ssm = new SSMClient(aws.clientConfig());
    await secrets.send(new CreateSecretCommand({ Name: 'payments/env', SecretString: '{"OTHER": "stays"}' }));
    before = await inventory(aws);
    mkdirSync(join(folder, 'root'));
    configure(BEFORE);
    tf = terraform(join(folder, 'root'), { env: aws.environment });
    await tf.init();
    await tf.apply();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  const configure = (text: string): void => writeFileSync(join(folder, 'root/main.tf'), text);
  const inSecret = async (id: string): Promise<Record<string, string>> =>
    JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString!) as Record<
      string,
      string
    >;
  const inParameter = async (Name: string): Promise<Record<string, string>> => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return JSON.parse(Parameter!.Value!) as Record<string, string>;
  };
  const runDelivery = async (): Promise<unknown> => {
    const { delivery_function: FunctionName } = (await tf.output()) as { delivery_function: string };
    const { FunctionError, Payload } = await new LambdaClient(aws.clientConfig()).send(
      new InvokeCommand({ FunctionName, Payload: '{"deliver":"all"}' }),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload!).toString());
  };
  const settingsOf = async (key: string) => {
    const { Item } = await new DynamoDBClient(aws.clientConfig()).send(
      new GetItemCommand({ TableName: 'iam-key-rotation', Key: { pk: { S: `settings#${key}` } } }),
    );
    const { pk, ...settings } = unmarshall(Item!);
    expect(pk).toBe(`settings#${key}`);
    return z.strictObject(settingsSchema.shape).parse(settings);
  };
  const deliveredOfPayments = async (): Promise<readonly (string | undefined)[]> => [
    (await inSecret('payments/env'))['AWS_ACCESS_KEY_ID'],
    (await inParameter('/payments/aws-key'))['AccessKeyId'],
  ];

  it('a user with targets is refused by the plan until the base looks at them', async () => {
    configure(
      WITH_TARGETS(programOf('docs/terraform-module.md', 'delivery')).replace('delivers   = true', ''),
    );
    await tf.init();
    const { exitCode, output } = await tf.run('plan', '-input=false', '-no-color');
    expect(exitCode).toBe(1);
    expect(output.replaceAll(/[\s│]+/g, ' ')).toContain('Write in the module base: delivers = true.');
  });

  it('a set that has users gets targets, and the keys are there after the apply and a run', async () => {
    configure(WITH_TARGETS(programOf('docs/terraform-module.md', 'delivery')));
    await tf.apply();
    await runDelivery();

    const key = await readKey(aws, 'iam-key-rotation/payments');
    expect(await whoAmI(aws, key)).toBe('arn:aws:iam::111122223333:user/payments');
    expect(await inSecret('payments/env')).toEqual({
      OTHER: 'stays',
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    });
    expect(await inParameter('/payments/aws-key')).toMatchObject({
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
    });
    const ofMailer = await readKey(aws, 'iam-key-rotation/mailer');
    expect(await inSecret('mail/env')).toMatchObject({ KEY: ofMailer.accessKeyId });
    expect(await inParameter('/mail/aws-key')).toMatchObject({ AccessKeyId: ofMailer.accessKeyId });
    expect(await runDelivery()).toMatchObject({ users: 2, delivered: 0, failed: 0, usersFailed: 0 });
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('the settings have the targets as the functions read them', async () => {
    expect((await settingsOf('payments')).deliver).toEqual([
      {
        kind: 'secret',
        id: 'payments/env',
        fields: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
      },
      { kind: 'parameter', name: '/payments/aws-key' },
    ]);
    expect((await settingsOf('mailer')).deliver).toMatchObject([
      { kind: 'secret', id: expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:.*:secret:mail\/env-/) },
      { kind: 'parameter', kmsKeyArn: expect.stringMatching(/^arn:aws:kms:/) },
    ]);
    expect(await settingsOf('reports')).not.toHaveProperty('deliver');
  });

  it('the dashboard shows deliveries, and doctor finds nothing', async () => {
    const { DashboardBody = '' } = await new CloudWatchClient(aws.clientConfig()).send(
      new GetDashboardCommand({ DashboardName: 'iam-key-rotation' }),
    );
    const { widgets } = JSON.parse(DashboardBody) as { widgets: { properties: { title?: string } }[] };
    expect(widgets.slice(-2).map(({ properties: { title } }) => title)).toEqual([
      'Targets: the current key reached them, or not',
      'The delivery function: failures, as AWS counts them',
    ]);
    const file = join(folder, 'state.json');
    writeFileSync(file, JSON.stringify(await tf.show()));
    const { stdout, stderr } = await runCli(['doctor', '--state', file, '--json'], aws.environment);
    if (stdout === '') throw new Error(stderr);
    const { checks } = doctorDocument.parse(JSON.parse(stdout));
    expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('after a rotation the new key arrives in both targets by events, and the previous one is retired', async () => {
    await aws.rotationsSettled();
    const SecretId = 'iam-key-rotation/payments';
    const previous = await readKey(aws, SecretId);
    await secrets.send(new RotateSecretCommand({ SecretId }));
    await aws.rotationsSettled();
    const { accessKeyId } = await readKey(aws, SecretId);
    expect(accessKeyId).not.toBe(previous.accessKeyId);

    await aws.eventsDelivered();
    expect(await deliveredOfPayments()).toEqual([accessKeyId, accessKeyId]);
    aws.clockShiftMs += 31 * 60 * 60 * 1000;
    expect(await runRetirement(aws, 'iam-key-rotation-retire')).toMatchObject([
      { user: 'payments', decision: 'deactivate', keyId: previous.accessKeyId },
    ]);
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('R9: nothing was refused, and the role of the function may do what it may where rotation.yaml has the users', async () => {
    expect(authorizer.refusals()).toEqual([]);
    const { PolicyDocument } = await new IAMClient(aws.clientConfig()).send(
      new GetRolePolicyCommand({ RoleName: FUNCTION, PolicyName: FUNCTION }),
    );
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument!)) as { Statement: { Sid: string }[] };
    const { deliver } = await settingsOf('mailer');
    const [keyOfParameter] = deliver!.flatMap((target) =>
      target.kind === 'parameter' ? target.kmsKeyArn! : [],
    );
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const keyOfMailer = SecretList.find(({ Name }) => Name === 'iam-key-rotation/mailer')!.KmsKeyId!;
    const statements = deliveryStatements({
      place: awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' }),
      secretPrefix: 'iam-key-rotation',
      tableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation',
      queueArn: `arn:aws:sqs:eu-west-1:111122223333:${FUNCTION}-failed`,
      users: [
        { stableKey: 'payments', deliver: (await settingsOf('payments')).deliver! },
        {
          stableKey: 'mailer',
          kmsKeyArn: keyOfMailer,
          deliver: deliver!.map((target) => ({ ...target, kmsKeyArn: keyOfParameter })),
        },
      ],
    });
    expect(withListsOfOne(Statement.filter(({ Sid }) => Sid !== 'WriteLog'))).toEqual(
      withListsOfOne(statements),
    );
  });

  it('leaves nothing behind when it is destroyed, but what the targets hold', async () => {
    await tf.destroy();
    expect(await inventory(aws)).toEqual(before);
    expect((await inSecret('payments/env'))['OTHER']).toBe('stays');
  });
});
