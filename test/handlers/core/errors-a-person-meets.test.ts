import { CallUnansweredError, type RefusalKind } from '../../../handlers/core/model/call-errors';
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
const { settings } = new UserWorld();
const { secretArn, userName } = settings;

/** What a person gets when this step fails. */
async function failureOf(
  world: UserWorld,
  Step: string,
  token = TOKEN,
  SecretId = secretArn,
): Promise<Error> {
  const event = functionEventSchema.parse({
    Step,
    SecretId,
    ClientRequestToken: token,
    UserId: settings.userId,
  });
  return rotate(world.ports, settings.stableKey, event).then(
    () => new Error('the step did not fail'),
    (thrown: unknown) => thrown as Error,
  );
}

const told = async (...failing: Parameters<typeof failureOf>): Promise<string> =>
  (await failureOf(...failing)).message;

const ROTATE_AGAIN = `aws secretsmanager rotate-secret --secret-id ${secretArn}`;

/** A rotation of a user with a first key whose call AWS refuses. */
async function refusedRotation(
  port: 'create' | 'put',
  kind: RefusalKind,
  code: string,
  message: string,
): Promise<UserWorld> {
  const world = await announced();
  const error = refusal(port === 'create' ? call.createAccessKey : call.putSecretValue, kind, code, message);
  if (port === 'create') world.ports.keys.create = () => Promise.reject(error);
  else world.ports.secrets.put = () => Promise.reject(error);
  return world;
}

async function announced(): Promise<UserWorld> {
  const world = await UserWorld.withFirstKey();
  world.announce(TOKEN);
  return world;
}

/** Says who it is about, and each of the parts; none of the others. */
function expectError(text: string, says: readonly (string | RegExp)[], saysNot: typeof says = []): void {
  for (const part of [
    `IAM user ${userName} (account ${settings.accountId})`,
    `secret ${secretArn}`,
    ...says,
  ]) {
    expect(text).toMatch(part);
  }
  for (const part of saysNot) expect(text).not.toMatch(part);
}

test('the error for busy slots names both keys, what each is, that nothing was changed, and what makes the rotation go on', async () => {
  const world = await announced();
  const current = world.servedKeyId!;
  const unmanaged = world.keyByHand();
  expectError(await told(world, 'createSecret'), [
    `${current} (Active) is the current key`,
    `${unmanaged} (Active) is an unmanaged key, which this product did not create`,
    'IAM allows two keys per user',
    'no key was changed. The rotation waits for a free slot',
    /no slot comes free by itself/,
    /then rotated within the hour/,
  ]);
});

// With `<key>` to be filled in, somebody will fill in the current one.
test('the error for busy slots says how a person frees a slot, with the unmanaged key in the commands and never the current one', async () => {
  const world = await announced();
  const current = world.servedKeyId!;
  const unmanaged = world.keyByHand();
  expectError(
    await told(world, 'createSecret'),
    [
      `aws iam update-access-key --user-name ${userName} --access-key-id ${unmanaged} --status Inactive`,
      `aws iam delete-access-key --user-name ${userName} --access-key-id ${unmanaged}`,
    ],
    ['<key>', `--access-key-id ${current}`],
  );
});

// Nothing has to be done here, and the only key that could be freed is one that may still be in use.
test('the error for slots that our own keys take says which key is which, when a slot comes free, and that nothing has to be done', async () => {
  const world = await UserWorld.withFirstKey();
  const previous = world.servedKeyId!;
  await world.rotate(TOKEN);
  world.announce(tokenOf(2));
  expectError(
    await told(world, 'createSecret', tokenOf(2)),
    [
      `${world.servedKeyId} (Active) is the current key`,
      new RegExp(
        `${previous} \\(Active\\) is the previous key, in its overlap until 2026-01-16T12:\\d\\d:.*grace period until 2026-01-23T12:\\d\\d:`,
      ),
      /Nothing has to be done/,
    ],
    ['--status Inactive'],
  );
});

test('the error of a first key without a slot names both keys, and apply', async () => {
  const world = new UserWorld();
  const [one, other] = [world.keyByHand(), world.keyByHand()];
  expectError(
    await told(world, 'firstKey'),
    [one, other, /The first key needs one; apply again when a slot is free/],
    [/rotated within the hour/],
  );
});

test('the error of an abandoned rotation names version, label, cause, the key that stays, the one that never became current, and the next command', async () => {
  const world = await UserWorld.withFirstKey();
  await world.rotate(TOKEN, 'createSecret');
  world.removePendingByHand(TOKEN);
  expectError(await told(world, 'finishSecret'), [
    `Version ${TOKEN} does not carry AWSPENDING (it is on no version)`,
    'when somebody stores another version or takes the label off',
    'The current key stays',
    world.servedKeyId!,
    world.keyUnder(TOKEN)!,
    ROTATE_AGAIN,
  ]);
});

test('the error for a new key that disappeared names the key, that the current one stays, and who asks for another', async () => {
  const world = await UserWorld.withFirstKey();
  await world.rotate(TOKEN, 'testSecret');
  const made = world.keyUnder(TOKEN)!;
  world.deleteByHand(made);
  expectError(await told(world, 'finishSecret'), [
    `New key ${made} is gone`,
    'AWSPENDING was taken off it. The current key stays; the retirement function requests a new rotation within the hour',
  ]);
});

// A new rotation refuses to start while a key is served that the journal does not know.
test('the error for a key of another user names the key, whose it is and whose it should be, and what to look at before AWSCURRENT is moved', async () => {
  const world = await UserWorld.withFirstKey();
  const arn = 'arn:aws:iam::111122223333:user/other';
  world.ports.probe.callerIdentity = () =>
    Promise.resolve({ accountId: '111122223333', userId: 'AIDAOTHER', arn });
  expectError(
    await told(world, 'testSecret', tokenOf(9)),
    [
      `Key ${world.servedKeyId} works as ${arn} (user id AIDAOTHER), not as user ci-deployer-user ` +
        '(user id AIDACIDEPLOYEREXAMPLE) of account 111122223333',
      'nothing was changed',
      `aws secretsmanager describe-secret --secret-id ${secretArn}`,
      'move it back only to a version whose key is Active: aws iam list-access-keys',
    ],
    ['--move-to-version-id', ROTATE_AGAIN],
  );
});

test('the error of a throttled call names the call, AWS’s code, the key that stays, that nothing is lost, and how to try again', async () => {
  const world = await refusedRotation('create', 'throttled', 'Throttling', 'Rate exceeded');
  expectError(await told(world, 'createSecret'), [
    // AWS's words end with one full stop before ours begin.
    'IAM CreateAccessKey was refused with Throttling: Rate exceeded. AWS throttled',
    'Nothing is lost',
    'spread the schedules',
    world.servedKeyId!,
    ROTATE_AGAIN,
  ]);
});

test('the error of a throttled first key says that apply tries again', async () => {
  const world = new UserWorld();
  world.ports.keys.create = () =>
    Promise.reject(refusal(call.createAccessKey, 'throttled', 'Throttling', 'Rate exceeded'));
  expectError(await told(world, 'firstKey'), ['terraform apply']);
});

// The SDK tried three times, so what AWS said last is not certain; it is throttling all the same.
test('the error of a change that was throttled three times does not send people to the AWS Health Dashboard', async () => {
  const world = await announced();
  const answer = 'ThrottlingException: Rate exceeded (after 3 attempts)';
  world.ports.secrets.put = () =>
    Promise.reject(new CallUnansweredError(call.putSecretValue, 'ThrottlingException', answer));
  const text = await told(world, 'createSecret');
  expectError(text, ['throttled'], ['Health Dashboard']);
});

test('the error for a KMS key names the call, the cause, the missing permissions, the key that stays, how to find the KMS key, and the next command', async () => {
  const world = await refusedRotation('put', 'kms', 'AccessDeniedException', 'Access to KMS is not allowed');
  expectError(await told(world, 'createSecret'), [
    'Secrets Manager PutSecretValue was refused with AccessDeniedException',
    /role may not use the secret's KMS key, or the key is disabled/,
    /another kmsKeyArn, or lost it, .*under the former key, and a rotation stores a value under the new one/,
    'kms:Decrypt and kms:GenerateDataKey',
    'the current key stays',
    world.servedKeyId!,
    `aws secretsmanager describe-secret --secret-id ${secretArn} --query KmsKeyId`,
    ROTATE_AGAIN,
  ]);
});

test('the error for a denied call names the call, what AWS answered and where to look', async () => {
  const said =
    'User: arn:aws:sts::111122223333:assumed-role/rotator/x is not authorized to perform: iam:CreateAccessKey';
  const world = await refusedRotation('create', 'accessDenied', 'AccessDenied', said);
  expectError(await told(world, 'createSecret'), [
    said,
    /permissions boundary, a service control policy or a key policy that denies CreateAccessKey/,
  ]);
});

// Without a name the command lists the keys of whoever types it (F 2.3).
test('the error for a full user names the cause, and the user in the command', async () => {
  const said = 'Cannot exceed quota for AccessKeysPerUser: 2';
  const world = await refusedRotation('create', 'limitExceeded', 'LimitExceeded', said);
  expectError(await told(world, 'createSecret'), [said, `aws iam list-access-keys --user-name ${userName}`]);
});

test('the error for a quota of Secrets Manager does not speak of too many keys', async () => {
  const world = await refusedRotation('put', 'limitExceeded', 'LimitExceededException', 'too many versions');
  expectError(
    await told(world, 'createSecret'),
    [`list-secret-version-ids --include-deprecated --secret-id ${secretArn}`],
    ['both its access keys'],
  );
});

test('the error for an unreadable record names the item, what is wrong with it, and that no key is changed', async () => {
  const world = await announced();
  world.aws.table.setJournalText(settings.stableKey, '{"by":"hand"}');
  expectError(await told(world, 'createSecret'), [
    'item journal#ci-deployer cannot be read',
    'previous',
    'No key is changed while a record cannot be read',
    'point-in-time recovery',
  ]);
});

test('the error of a bug of ours says that it is one', async () => {
  const world = await UserWorld.withFirstKey();
  world.ports.secrets.describe = () => Promise.reject(new TypeError('x is not a function'));
  expectError(await told(world, 'createSecret'), [/x is not a function.*This is a bug in iam-key-rotation/]);
});

test.each([
  ['in a function speaks of its role', 'createSecret', "The function's role may not use"],
  ['in a rollback speaks of the credentials in use', 'rollback', 'The credentials that you use may not use'],
  [
    'in an emergency speaks of the credentials in use',
    'emergency',
    'The credentials that you use may not use',
  ],
])("the error for the secret's KMS key %s", (_where, step, who) => {
  const refused = refusal(
    call.getSecretValue,
    'kms',
    'AccessDeniedException',
    'Access to KMS is not allowed',
  );
  const { message } = explain(refused, { step, secretArn, settings });
  expect(message).toContain(`${who} the secret's KMS key`);
  expect(message.includes('role')).toBe(step === 'createSecret');
});

test('the error for missing settings names the secret, the stable key, and apply', async () => {
  const world = await UserWorld.withFirstKey();
  world.aws.table.setSettingsText(settings.stableKey, undefined);
  const text = await told(world, 'createSecret');
  expect(text).toContain(`createSecret, secret ${secretArn}: `);
  expect(text).toMatch(/no settings of ci-deployer.*Run `terraform apply`/);
});

test('the error for settings of another secret names both, and that nothing was changed (R9)', async () => {
  const world = await UserWorld.withFirstKey();
  const other = secretArn.replace('AbCdEf', 'ZyXwVu');
  const happened = world.watchKeys();
  const text = await told(world, 'createSecret', TOKEN, other);
  expect(text).toContain(`secret ${other}: The settings of ci-deployer belong to secret ${secretArn}`);
  expect(text).toContain('Nothing was changed');
  expect(happened()).toEqual([]);
});

test('the error’s class says what the caller may do, and there is no stack trace, because apply prints errors whole', async () => {
  const world = await announced();
  world.keyByHand();
  const error = await failureOf(world, 'createSecret');
  expect(error).toMatchObject({ name: 'RotationDeferredError' });
  expect(error.stack).toBe('RotationDeferredError');
});

test('the error for a key that does not work ends AWS’s words with one full stop', async () => {
  const world = await UserWorld.withFirstKey();
  await world.rotate(TOKEN, 'createSecret');
  world.setStatusByHand(world.keyUnder(TOKEN)!, 'Inactive');
  expect(await told(world, 'testSecret')).not.toContain('..');
});

test('the error for a user that IAM does not have tells to look for its new name before an apply', async () => {
  const world = await announced();
  world.ports.keys.list = () =>
    Promise.reject(refusal(call.listAccessKeys, 'userNotFound', 'NoSuchEntity', 'no such user'));
  expectError(await told(world, 'createSecret'), [
    `aws iam list-users --query "Users[?UserId=='${settings.userId}'].UserName"`,
    `aws iam update-user --user-name <name now> --new-user-name ${userName}`,
    'If it is gone, `terraform apply` makes it again',
  ]);
});
