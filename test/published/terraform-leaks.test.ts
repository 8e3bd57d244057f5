import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';

import { doctorDocument } from '../../cli/doctor/doctor-document';
import { LEAK_CODES } from '../../contract/leaks';
import { readKey, whoAmI } from '../../sandbox/demo/application';
import { inventory } from '../../sandbox/demo/inventory';
import { type LocalAws, startLocalAws } from '../../sandbox/local-aws';
import { type Terraform, terraform } from '../../sandbox/terraform';
import { runCli } from '../cli/sync/support/run-cli';
import { Inbox, type ReceivedMessage } from '../further/notifications/support/inbox';
import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../support/iam-evaluation/authorizer';
import { programOf } from './support/packed';
import { unpackModules } from './support/terraform-modules';

const SECRET = 'iam-key-rotation/deployer';

/** A set that was there before the module was. */
const SET = (lines = ''): string => `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

module "base" {
  source     = "../base"
  name       = "production"
  protection = false
  ${lines}
}

module "deployer" {
  source               = "../rotated-user"
  base                 = module.base
  name                 = "deployer"
  secret_recovery_days = 0
}
`;

const LEAKS = programOf('docs/terraform-module.md', 'leaks').replaceAll('./modules/', '../');

/** The functions may do what the policies of their roles say, and no more. */
describeWithTools('the Terraform modules answer leaks', () => {
  let folder: string;
  let aws: LocalAws;
  let authorizer: Authorizer;
  let tf: Terraform;
  let before: readonly string[];
  let inbox: Inbox;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'terraform-leaks-'));
    unpackModules(folder);
    authorizer = createAuthorizer(() => aws);
    aws = await startLocalAws({
      authorize: authorizer.authorize,
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    before = await inventory(aws);
    mkdirSync(join(folder, 'root'));
    configure(SET());
    tf = terraform(join(folder, 'root'), { env: aws.environment });
    await tf.init();
    await tf.apply();
    inbox = await Inbox.subscribe(
      aws,
      `arn:aws:sns:${aws.region}:${aws.accountId}:iam-key-rotation-alerts`,
      'everything',
    );
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  const configure = (text: string): void => writeFileSync(join(folder, 'root/main.tf'), text);
  const currentKey = async (): Promise<string> => (await readKey(aws, SECRET)).accessKeyId;
  const keys = async (): Promise<readonly string[]> => {
    const { AccessKeyMetadata = [] } = await new IAMClient(aws.clientConfig()).send(
      new ListAccessKeysCommand({ UserName: 'deployer' }),
    );
    return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`);
  };
  /** AWS Health reports it there; whom it is told to, and what they read. */
  async function reported(key: string, region: string): Promise<readonly ReceivedMessage[]> {
    const [code] = LEAK_CODES;
    aws.putServiceEvent(region, {
      source: 'aws.health',
      detailType: 'AWS Health Event',
      detail: {
        ...{ eventArn: `arn:aws:health:global::event/RISK/${code}/${key.slice(-4)}`, service: 'RISK' },
        ...{ eventTypeCode: code, startTime: aws.now().toUTCString() },
        affectedEntities: [{ entityValue: key }],
      },
    });
    await aws.eventsDelivered();
    return inbox.take();
  }

  it('a set that has users hears of leaks from the next apply on, and changes nothing else', async () => {
    configure(SET() + LEAKS);
    await tf.init();
    const { output } = await tf.plan();
    expect(output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    await tf.apply();
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('with on_leak = "notify", as without a word, people are notified, and no key is changed', async () => {
    const leaked = await currentKey();
    const messages = await reported(leaked, 'us-east-1');
    expect(messages.map(({ attributes }) => attributes['kind'])).toEqual(['leakReported']);
    expect(messages[0]!.text).toContain(`key ...${leaked.slice(-4)}`);
    expect(await keys()).toEqual([`${leaked} Active`]);
  });

  it('R15: with on_leak = "replace" the key is replaced, in whichever region AWS reports it', async () => {
    configure(SET('on_leak = "replace"') + LEAKS);
    await tf.apply();
    for (const region of ['us-east-1', 'us-west-2']) {
      const leaked = await currentKey();
      const messages = await reported(leaked, region);
      expect(messages.map(({ attributes }) => attributes['kind'])).toEqual(['keyLeaked']);
      expect(await currentKey()).not.toBe(leaked);
      expect(await whoAmI(aws, await readKey(aws, SECRET))).toBe('arn:aws:iam::111122223333:user/deployer');
      expect(await keys()).toContain(`${leaked} Inactive`);
    }
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('R9: nothing was refused, and doctor finds nothing', async () => {
    expect(authorizer.refusals()).toEqual([]);
    const file = join(folder, 'state.json');
    writeFileSync(file, JSON.stringify(await tf.show()));
    const { stdout, stderr } = await runCli(['doctor', '--state', file, '--json'], aws.environment);
    if (stdout === '') throw new Error(stderr);
    const { checks } = doctorDocument.parse(JSON.parse(stdout));
    expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('a provider of another region is refused by the plan, which says what to write', async () => {
    configure(
      SET('on_leak = "replace"') + LEAKS.replace('aws.iam_events    = aws.virginia', 'aws.iam_events = aws'),
    );
    const { exitCode, output } = await tf.run('plan', '-input=false', '-no-color');
    expect(exitCode).toBe(1);
    expect(output.replaceAll(/[\s│]+/g, ' ')).toContain(
      'AWS reports the events of IAM in us-east-1, and the provider aws.iam_events is of eu-west-1. Write: providers = {',
    );
  });

  it('back with on_leak = "notify" the function is gone, and people are notified', async () => {
    configure(SET('on_leak = "notify"') + LEAKS);
    await tf.apply();
    expect((await inventory(aws)).filter((name) => name.includes('respond'))).toEqual([]);
    const leaked = await currentKey();
    expect((await reported(leaked, 'us-east-1')).map(({ attributes }) => attributes['kind'])).toEqual([
      'leakReported',
    ]);
    expect(await currentKey()).toBe(leaked);
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('leaves nothing behind when it is destroyed', async () => {
    await tf.destroy();
    const left = (await inventory(aws)).filter((name) => !/sqs.*everything|subscription/i.test(name));
    expect(left).toEqual(before);
  });
});
