import { CloudTrailClient, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';

import type { StackConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Account, StoredKey } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a stack whose users share a function', () => {
  let stage: Stage;
  let account: Account;
  let stack: AppliedStack;
  let keys: readonly StoredKey[];

  const stackOf = (own: Partial<StackConfiguration>): StackConfiguration =>
    aStack(
      [
        aUser('legacy_mailer', { existing: true, userName: 'legacy.mailer@example' }),
        aUser('backup', { readers: ['arn:aws:iam::111122223333:role/ci'] }),
      ],
      {
        secretRecoveryDays: 0,
        // What it is made of is applied, planned and destroyed here along with the rest.
        auditTrail: { kind: 'create', retentionDays: 400 },
        ...own,
      },
    );
  const storedKeys = (): Promise<StoredKey[]> =>
    Promise.all(['legacy_mailer', 'backup'].map((key) => account.storedKey(`iam-key-rotation/${key}`)));

  const writeTable = (Item: Record<string, AttributeValue>) =>
    account.dynamo.send(new PutItemCommand({ TableName: 'iam-key-rotation', Item }));

  beforeAll(async () => {
    stage = await Stage.open();
    ({ account, stack } = stage);
    await account.createUser('legacy.mailer@example', '/somewhere/else/');
  });
  afterAll(() => stage.close());

  it('makes the first keys of all, also of a user that was there already', async () => {
    await stack.apply(stackOf({ functions: 'shared' }));

    keys = await storedKeys();
    expect(await Promise.all(keys.map((key) => account.whoIs(key)))).toEqual([
      'arn:aws:iam::111122223333:user/somewhere/else/legacy.mailer@example',
      'arn:aws:iam::111122223333:user/backup',
    ]);
    expect((await account.inventory())['functions']).toEqual([
      'iam-key-rotation-notify',
      'iam-key-rotation-retire',
      'iam-key-rotation-rotate',
    ]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('puts no key of another user into a secret, whoever has written the table', async () => {
    const [mailer, settings, journal] = await Promise.all([
      account.item('settings#legacy_mailer'),
      account.item('settings#backup'),
      account.item('journal#backup'),
    ]);
    const { userName, userId } = mailer;
    await writeTable({ ...settings, userName: userName!, userId: userId! });
    await writeTable({ ...journal, journal: { M: { ...journal['journal']!.M, userId: userId! } } });
    const mailersKeys = await account.keysOf('legacy.mailer@example');

    const reported = await account.rotate('iam-key-rotation/backup');

    expect(reported).toContain('RotationFailed');
    expect(reported).not.toContain('RotationSucceeded');
    expect(await storedKeys()).toEqual(keys);
    expect(await account.keysOf('legacy.mailer@example')).toEqual(mailersKeys);

    await writeTable(settings);
    await writeTable(journal);
    expect(await account.rotate('iam-key-rotation/backup')).toContain('RotationSucceeded');
    keys = await storedKeys();
    expect(await account.whoIs(keys[1]!)).toBe('arn:aws:iam::111122223333:user/backup');
  });

  it('has a trail that records, and nothing left to do about it', async () => {
    const { IsLogging } = await new CloudTrailClient(stage.aws.clientConfig()).send(
      new GetTrailStatusCommand({ Name: 'iam-key-rotation' }),
    );

    expect(IsLogging).toBe(true);
    expect(await stack.addresses()).toEqual(
      expect.arrayContaining([
        'aws_cloudtrail.trail',
        'aws_cloudwatch_event_rule.iam-events',
        'aws_cloudwatch_event_rule.watch-reads',
        'aws_s3_bucket_policy.trail',
      ]),
    );
  });

  it('does not go over to a function for each user while it is protected: all stays in working order', async () => {
    await stack.failToApply(stackOf({ functions: 'per-user' }));

    expect((await account.inventory())['functions']).toContain('iam-key-rotation-rotate');
    expect(await storedKeys()).toEqual(keys);
    await stack.apply(stackOf({ functions: 'shared' }));
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('goes over once the protection is off, and every key stays what it is', async () => {
    await stack.apply(stackOf({ functions: 'shared', protection: false }));

    await stack.apply(stackOf({ functions: 'per-user', protection: false }));

    expect((await account.inventory())['functions']).toEqual([
      'iam-key-rotation-backup',
      'iam-key-rotation-legacy_mailer',
      'iam-key-rotation-notify',
      'iam-key-rotation-retire',
    ]);
    expect(await storedKeys()).toEqual(keys);
    expect(await account.keysOf('backup')).toContain(`${keys[1]!.AccessKeyId} Active`);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('leaves a user that was there already when it is destroyed', async () => {
    await stack.terraform.destroy();

    expect(await account.inventory()).toMatchObject({
      users: ['legacy.mailer@example'],
      secrets: [],
      functions: [],
      tables: [],
    });
  });
});
