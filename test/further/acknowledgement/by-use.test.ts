import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { DAY, HOUR, MINUTE } from '../../../contract/instant';
import type { PreviousKey } from '../../../handlers/core/model/journal';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const byUse = { by: 'use', remindAfterSeconds: (3 * DAY) / 1000, atMaximumKeyAge: 'hold' } as const;

/** Real bundles under the policies of their roles as synthesized. The tests share a stack and its time, which only goes forward. */
describeWithTools('a previous key of a user whose keys a use acknowledges', () => {
  let stage: Stage;
  let rotatedAt: number;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(aStack([aUser('vendor', { acknowledgement: byUse })], { secretRecoveryDays: 0 }));
    await stage.rotateAway('vendor');
    rotatedAt = (await previousKey()).replacedAt;
  });
  afterAll(() => stage.close());

  const previousKey = async (): Promise<PreviousKey> => (await stage.journal('vendor')).previous[0]!;
  /** What an application does with it. */
  const use = ({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }: StoredKey): Promise<unknown> =>
    new SecretsManagerClient(stage.aws.clientConfig({ accessKeyId, secretAccessKey })).send(
      new GetSecretValueCommand({ SecretId: 'iam-key-rotation/vendor' }),
    );

  it('is held after a rotation that only the product has used the new key of, and after a use of STS (R14)', async () => {
    stage.goTo(rotatedAt + 24 * HOUR + MINUTE);
    await stage.account.whoIs(await stage.currentKey('vendor'));
    await stage.sweep();
    const { keyId, hold } = await previousKey();
    expect(hold).toMatchObject({ cause: 'notAcknowledged' });
    expect(await stage.account.keysOf('vendor')).toContain(`${keyId} Active`);
  });

  it('is held after a use of itself', async () => {
    await use(await stage.account.storedKey('iam-key-rotation/vendor', 'AWSPREVIOUS'));
    stage.goTo(stage.now() + 31 * HOUR);
    await stage.sweep();
    expect((await previousKey()).hold).toMatchObject({ cause: 'notAcknowledged' });
  });

  it('is retired by the sweep that sees a use of the current key, and a word is refused', async () => {
    const current = await stage.currentKey('vendor');
    const word = await stage.command('acknowledge', '--user', 'vendor', '--key', current.AccessKeyId);
    expect(word.exitCode).toBe(1);
    expect(word.stderr).toContain('by its configuration a use of the key acknowledges it');

    await use(current);
    await stage.sweep();
    const { keyId, phase } = await previousKey();
    expect(phase).toBe('deactivated');
    expect(await stage.account.keysOf('vendor')).toContain(`${keyId} Inactive`);
  });
});
