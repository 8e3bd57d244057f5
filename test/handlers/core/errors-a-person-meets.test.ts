import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { explain } from '../../../handlers/core/model/explain';
import { rotate } from '../../../handlers/core/rotation/rotate';
import { functionEventSchema } from '../../../contract/function-events';
import { call, refusal } from '../../support/in-memory-aws/refusals';
import { tokenOf, UserWorld } from '../support/user-world';

/*
 * The texts that a person reads in `terraform apply`, in Secrets Manager's event or in the log, in full: each names the
 * user, the secret, the keys, the cause and the exact next step.
 */

const TOKEN = tokenOf(1);

/** What a person reads when this step fails. */
async function told(world: UserWorld, Step: string, token = TOKEN): Promise<string> {
  const event = functionEventSchema.parse({
    Step,
    SecretId: world.settings.secretArn,
    ClientRequestToken: token,
    UserId: world.settings.userId,
  });
  const error: unknown = await rotate(world.ports, world.settings.stableKey, event).then(
    () => new Error('the step did not fail'),
    (thrown: unknown) => thrown,
  );
  return (error as Error).message;
}

/** One line of the shell as the text must hold it. */
const rotateAgain = (world: UserWorld): string =>
  `aws secretsmanager rotate-secret --secret-id ${world.settings.secretArn}`;

const expectUserAndSecret = (text: string, world: UserWorld): void => {
  expect(text).toContain(`IAM user ${world.settings.userName} (account ${world.settings.accountId})`);
  expect(text).toContain(`secret ${world.settings.secretArn}`);
};

describe('both slots are taken, one by an unmanaged key', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    const current = world.servedKeyId!;
    const unmanaged = world.keyByHand();
    world.announce(TOKEN);
    return { world, current, unmanaged, text: await told(world, 'createSecret') };
  };

  test('the error for busy slots names user, secret, both keys, what each is, and that nothing was changed', async () => {
    const { world, current, unmanaged, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain(`${current} (Active) is the current key`);
    expect(text).toContain(`${unmanaged} (Active) is an unmanaged key, which this product did not create`);
    expect(text).toContain('IAM allows two keys per user');
    expect(text).toContain('no key was changed. The rotation waits for a free slot');
  });

  test('the error for busy slots says how a person frees a slot', async () => {
    const { world, text } = await met();
    expect(text).toContain(
      `aws iam update-access-key --user-name ${world.settings.userName} --access-key-id`,
    );
    expect(text).toContain(
      `aws iam delete-access-key --user-name ${world.settings.userName} --access-key-id`,
    );
  });

  // With `<key>` to be filled in, somebody will fill in the current one.
  test('the commands of the error for busy slots name the unmanaged key, never the current one', async () => {
    const { current, unmanaged, text } = await met();
    expect(text).toContain(`--access-key-id ${unmanaged} --status Inactive`);
    expect(text).toContain(`delete-access-key --user-name ci-deployer-user --access-key-id ${unmanaged}`);
    expect(text).not.toContain('<key>');
    expect(text).not.toContain(`--access-key-id ${current}`);
  });

  test('the error for busy slots says that no slot comes free by itself, and what makes the rotation go on', async () => {
    const { text } = await met();
    expect(text).toMatch(/no slot comes free by itself/);
    expect(text).toMatch(/then rotated within the hour/);
  });
});

describe('both slots are taken by keys of ours', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    const previous = world.servedKeyId!;
    await world.rotate(TOKEN);
    world.announce(tokenOf(2));
    return { world, previous, text: await told(world, 'createSecret', tokenOf(2)) };
  };

  test('the error says which key is which, and when a slot comes free', async () => {
    const { world, previous, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain(`${world.servedKeyId} (Active) is the current key`);
    expect(text).toMatch(
      new RegExp(
        `${previous} \\(Active\\) is the previous key, in its overlap until 2026-01-16T12:\\d\\d:.*grace period until 2026-01-23T12:\\d\\d:`,
      ),
    );
  });

  // Nothing has to be done here, and the only key that could be freed is one that may still be in use.
  test('the error says that nothing has to be done, instead of naming commands that shorten an overlap', async () => {
    const { text } = await met();
    expect(text).not.toContain('--status Inactive');
    expect(text).toMatch(/Nothing has to be done/);
  });
});

describe('the first key finds both slots taken', () => {
  test('the error of a first key without a slot names user, secret, both keys, and apply', async () => {
    const world = new UserWorld();
    const [one, other] = [world.keyByHand(), world.keyByHand()];
    const text = await told(world, 'firstKey');
    expectUserAndSecret(text, world);
    expect(text).toContain(one);
    expect(text).toContain(other);
    expect(text).toMatch(/The first key needs one; apply again when a slot is free/);
    expect(text).not.toMatch(/rotated within the hour/);
  });
});

describe('the rotation was abandoned', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    return { world, made, text: await told(world, 'finishSecret') };
  };

  test('the error of an abandoned rotation names user, secret, version, where the label is, why, and that the current key stays', async () => {
    const { world, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain(`Version ${TOKEN} does not carry AWSPENDING (it is on no version)`);
    expect(text).toContain('when somebody stores another version or takes the label off');
    expect(text).toContain('The current key stays');
  });

  test('the error of an abandoned rotation names the current key, and the new one that never became current', async () => {
    const { world, made, text } = await met();
    expect(text).toContain(world.servedKeyId);
    expect(text).toContain(made);
  });

  test('the error of an abandoned rotation names the command that starts the next one', async () => {
    const { world, text } = await met();
    expect(text).toContain(rotateAgain(world));
  });
});

describe('the new key disappeared before it became current', () => {
  test('the error for a new key that disappeared names user, secret, key, that the current one stays, and the next command', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.deleteByHand(made);
    const text = await told(world, 'finishSecret');
    expectUserAndSecret(text, world);
    expect(text).toContain(`New key ${made} is gone`);
    expect(text).toContain('AWSPENDING was taken off it. The current key stays');
    expect(text).toContain(rotateAgain(world));
  });
});

describe('a key belongs to another user', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    const ours = world.labels['AWSCURRENT']!;
    world.ports.probe.callerIdentity = () =>
      Promise.resolve({
        accountId: '111122223333',
        userId: 'AIDAOTHER',
        arn: 'arn:aws:iam::111122223333:user/other',
      });
    return { world, ours, key: world.servedKeyId!, text: await told(world, 'testSecret', tokenOf(9)) };
  };

  test('the error for a key of another user names user, secret, key, whose it is and whose it should be', async () => {
    const { world, key, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain(
      `Key ${key} works as arn:aws:iam::111122223333:user/other (user id AIDAOTHER), not as user ci-deployer-user ` +
        '(user id AIDACIDEPLOYEREXAMPLE) of account 111122223333',
    );
    expect(text).toContain('nothing was changed');
  });

  // A new rotation refuses to start while a key is served that the journal does not know, and which version is good is not known.
  test('the error for a foreign current key says what to look at, and names neither a version nor a rotation that will be refused', async () => {
    const { world, text } = await met();
    expect(text).toContain(`aws secretsmanager describe-secret --secret-id ${world.settings.secretArn}`);
    expect(text).toContain('move it back only to a version whose key is Active: aws iam list-access-keys');
    expect(text).not.toContain('--move-to-version-id');
    expect(text).not.toContain(rotateAgain(world));
  });
});

test('the error for a user that IAM does not have tells to look for its new name before an apply', async () => {
  const world = await UserWorld.withFirstKey();
  world.announce(TOKEN);
  const { userId, userName } = world.settings;
  world.ports.keys.list = () =>
    Promise.reject(refusal(call.listAccessKeys, 'notFound', 'NoSuchEntity', 'no such user'));
  const text = await told(world, 'createSecret');
  expect(text).toContain(`aws iam list-users --query "Users[?UserId=='${userId}'].UserName"`);
  expect(text).toContain(`aws iam update-user --user-name <name now> --new-user-name ${userName}`);
  expect(text.indexOf('update-user')).toBeLessThan(text.indexOf('`terraform apply` makes it again'));
});

describe('AWS throttles every try of a call', () => {
  const met = async (Step: 'createSecret' | 'firstKey') => {
    const world = Step === 'firstKey' ? new UserWorld() : await UserWorld.withFirstKey();
    if (Step === 'createSecret') world.announce(TOKEN);
    world.ports.keys.create = () =>
      Promise.reject(refusal(call.createAccessKey, 'throttled', 'Throttling', 'Rate exceeded'));
    return { world, text: await told(world, Step) };
  };

  test('the error of a throttled call names user, secret, the call, AWS’s code, and that nothing is lost', async () => {
    const { world, text } = await met('createSecret');
    expectUserAndSecret(text, world);
    expect(text).toContain('IAM CreateAccessKey was refused with Throttling: Rate exceeded');
    expect(text).toContain('Nothing is lost');
    expect(text).toContain('spread the schedules');
  });

  test('the error of a throttled call names the current key, which stays', async () => {
    const { world, text } = await met('createSecret');
    expect(text).toContain(world.servedKeyId);
  });

  test('the error of a throttled call says how to try again', async () => {
    const rotation = await met('createSecret');
    expect(rotation.text).toContain(rotateAgain(rotation.world));
    expect((await met('firstKey')).text).toContain('terraform apply');
  });

  // The SDK tried three times, so what AWS said last is not certain; it is throttling all the same.
  test('the error of a change that was throttled three times does not send people to the AWS Health Dashboard', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.put = () =>
      Promise.reject(
        new CallUnansweredError(
          call.putSecretValue,
          'ThrottlingException',
          'ThrottlingException: Rate exceeded (after 3 attempts)',
        ),
      );
    const text = await told(world, 'createSecret');
    expect(text).toContain('throttled');
    expect(text).not.toContain('Health Dashboard');
  });
});

describe('the function may not use the secret’s KMS key', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.put = () =>
      Promise.reject(
        refusal(call.putSecretValue, 'kms', 'AccessDeniedException', 'Access to KMS is not allowed'),
      );
    return { world, text: await told(world, 'createSecret') };
  };

  test('the error for a KMS key names user, secret, the call, the cause, the missing permissions, and that the current key stays', async () => {
    const { world, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain('Secrets Manager PutSecretValue was refused with AccessDeniedException');
    expect(text).toMatch(/role may not use the secret's KMS key, or the key is disabled/);
    expect(text).toContain('kms:Decrypt and kms:GenerateDataKey');
    expect(text).toContain('the current key stays');
  });

  test('the error for a KMS key names the current key, which stays', async () => {
    const { world, text } = await met();
    expect(text).toContain(world.servedKeyId);
  });

  test('the error for a KMS key says how to find that key, and which command starts the rotation again', async () => {
    const { world, text } = await met();
    expect(text).toContain(
      `aws secretsmanager describe-secret --secret-id ${world.settings.secretArn} --query KmsKeyId`,
    );
    expect(text).toContain(rotateAgain(world));
  });
});

describe('the role may not do something', () => {
  test('the error for a denied call names user, secret, the call, what AWS answered and where to look', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    const said =
      'User: arn:aws:sts::111122223333:assumed-role/rotator/x is not authorized to perform: iam:CreateAccessKey';
    world.ports.keys.create = () =>
      Promise.reject(refusal(call.createAccessKey, 'accessDenied', 'AccessDenied', said));
    const text = await told(world, 'createSecret');
    expectUserAndSecret(text, world);
    expect(text).toContain(said);
    expect(text).toMatch(
      /permissions boundary, a service control policy or a key policy that denies CreateAccessKey/,
    );
  });
});

describe('IAM says that the user is full although its list did not', () => {
  const met = async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.keys.create = () =>
      Promise.reject(
        refusal(
          call.createAccessKey,
          'limitExceeded',
          'LimitExceeded',
          'Cannot exceed quota for AccessKeysPerUser: 2',
        ),
      );
    return { world, text: await told(world, 'createSecret') };
  };

  test('the error for a full user names user, secret and the cause', async () => {
    const { world, text } = await met();
    expectUserAndSecret(text, world);
    expect(text).toContain('Cannot exceed quota for AccessKeysPerUser: 2');
  });

  // Without a name the command lists the keys of whoever types it (F 2.3).
  test('the command of the error for a full user names the user', async () => {
    const { world, text } = await met();
    expect(text).toContain(`aws iam list-access-keys --user-name ${world.settings.userName}`);
  });
});

describe('a quota of Secrets Manager is reached', () => {
  test('the error for a quota of Secrets Manager does not speak of too many keys', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.put = () =>
      Promise.reject(
        refusal(call.putSecretValue, 'limitExceeded', 'LimitExceededException', 'too many versions'),
      );
    const text = await told(world, 'createSecret');
    expectUserAndSecret(text, world);
    expect(text).not.toContain('both its access keys');
    expect(text).toContain(
      `list-secret-version-ids --include-deprecated --secret-id ${world.settings.secretArn}`,
    );
  });
});

describe('the key of the secret may not be used', () => {
  const refused = new CallRefusedError(
    { service: 'Secrets Manager', action: 'GetSecretValue' },
    'kms',
    'AccessDeniedException',
    'Access to KMS is not allowed',
  );
  const { settings } = new UserWorld();
  const textFor = (step: string): string =>
    explain(refused, { step, secretArn: settings.secretArn, settings }).message;

  test('an error in a function speaks of its role', () => {
    expect(textFor('createSecret')).toContain("The function's role may not use the secret's KMS key");
  });

  test.each(['rollback', 'emergency'])(
    'an error in %s, which a person runs, speaks of the credentials in use',
    (step) => {
      expect(textFor(step)).toContain("The credentials that you use may not use the secret's KMS key");
      expect(textFor(step)).not.toContain('role');
    },
  );
});

describe('a record of the table cannot be read', () => {
  test('the error for an unreadable record names user, secret, the item, what is wrong with it, and that no key is changed', async () => {
    const world = await UserWorld.withFirstKey();
    world.aws.table.setJournalText(world.settings.stableKey, '{"by":"hand"}');
    world.announce(TOKEN);
    const text = await told(world, 'createSecret');
    expectUserAndSecret(text, world);
    expect(text).toContain('item journal#ci-deployer cannot be read');
    expect(text).toContain('previous');
    expect(text).toContain('No key is changed while a record cannot be read');
    expect(text).toContain('point-in-time recovery');
  });
});

describe('the settings', () => {
  test('the error for missing settings names the secret, the stable key, and apply', async () => {
    const world = await UserWorld.withFirstKey();
    world.aws.table.setSettingsText(world.settings.stableKey, undefined);
    const text = await told(world, 'createSecret');
    expect(text).toContain(`createSecret, secret ${world.settings.secretArn}: `);
    expect(text).toMatch(/no settings of ci-deployer.*Run `terraform apply`/);
  });

  test('the error for settings of another secret names both, and that nothing was changed (R9)', async () => {
    const world = await UserWorld.withFirstKey();
    const other = world.settings.secretArn.replace('AbCdEf', 'ZyXwVu');
    const happened = world.watchKeys();
    const text = await rotate(world.ports, 'ci-deployer', {
      Step: 'createSecret',
      SecretId: other,
      ClientRequestToken: TOKEN,
      RotationToken: undefined,
    }).then(
      () => 'it did not fail',
      (error: unknown) => (error as Error).message,
    );
    expect(text).toContain(
      `secret ${other}: The settings of ci-deployer belong to secret ${world.settings.secretArn}`,
    );
    expect(text).toContain('Nothing was changed');
    expect(happened()).toEqual([]);
  });
});

test('a bug of ours says that it is one', async () => {
  const world = await UserWorld.withFirstKey();
  world.ports.secrets.describe = () => Promise.reject(new TypeError('x is not a function'));
  const text = await told(world, 'createSecret');
  expectUserAndSecret(text, world);
  expect(text).toMatch(/x is not a function.*This is a bug in iam-key-rotation/);
});

describe('how the errors are written', () => {
  test('the class’s name says what the caller may do, and there is no stack trace, because apply prints errors whole', async () => {
    const world = await UserWorld.withFirstKey();
    world.keyByHand();
    world.announce(TOKEN);
    const event = functionEventSchema.parse({
      Step: 'createSecret',
      SecretId: world.settings.secretArn,
      ClientRequestToken: TOKEN,
    });
    const error: unknown = await rotate(world.ports, 'ci-deployer', event).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RotationDeferredError' });
    expect((error as Error).stack).toBe(`RotationDeferredError: ${(error as Error).message}`);
  });

  test('in an error AWS’s words end with one full stop before ours begin', async () => {
    const throttled = await UserWorld.withFirstKey();
    throttled.announce(TOKEN);
    throttled.ports.keys.create = () =>
      Promise.reject(refusal(call.createAccessKey, 'throttled', 'Throttling', 'Rate exceeded'));
    expect(await told(throttled, 'createSecret')).toContain('Rate exceeded. AWS throttled');

    const dead = await UserWorld.withFirstKey();
    await dead.rotate(TOKEN, 'createSecret');
    dead.setStatusByHand(dead.keyUnder(TOKEN)!, 'Inactive');
    expect(await told(dead, 'testSecret')).not.toContain('..');
  });
});
