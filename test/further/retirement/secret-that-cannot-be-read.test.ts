import {
  CancelRotateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { DAY, HOUR, SECOND } from '../../../contract/instant';
import type { Journal } from '../../../handlers/core/model/journal';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Stage } from '../../e2e/stack/support/stage';

const OVERLAP = 24 * HOUR;
const GRACE_PERIOD = 7 * DAY;

/** The labels are right and the current key is Active, and still applications do not get it, or nobody rotates it. */
describeWithTools('the previous key, while applications may be unable to read the current one', () => {
  let stage: Stage;
  let secretsManager: SecretsManagerClient;

  beforeAll(async () => {
    stage = await Stage.open();
    secretsManager = new SecretsManagerClient(stage.aws.clientConfig());
    await stage.stack.apply(
      aStack(
        [aUser('deleted'), aUser('copied', { replicas: [{ region: 'eu-central-1' }] }), aUser('cancelled')],
        { functions: 'shared', secretRecoveryDays: 0 },
      ),
    );
    expect(await stage.rotate('deleted')).toContain('RotationSucceeded');
  });
  afterAll(() => stage.close());

  const SecretId = 'iam-key-rotation/deleted';
  const previousOf = async (user: string): Promise<Journal['previous'][number]> =>
    (await stage.journal(user)).previous[0]!;
  const toldOf = (kind: string): readonly string[] =>
    stage.aws
      .busEvents()
      .filter((event) => (event['detail'] as { kind?: string }).kind === kind)
      .map((event) => `${String(event['detail-type'])}: ${(event['detail'] as { what: string }).what}`);

  it('a secret that is scheduled for deletion is told at once, and its previous key is kept until it is restored', async () => {
    const { replacedAt, keyId } = await previousOf('deleted');
    await secretsManager.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 }));
    const deletedAt = stage.now();
    await expect(secretsManager.send(new GetSecretValueCommand({ SecretId }))).rejects.toThrow('deletion');

    stage.goTo(replacedAt + OVERLAP + SECOND);
    await stage.sweep();
    expect(toldOf('secretDeleted')).toHaveLength(1);
    expect(toldOf('secretDeleted')[0]).toContain('aws secretsmanager restore-secret');
    const certain = new Date(deletedAt + 7 * DAY).toISOString().slice(0, 13);
    expect(toldOf('secretDeleted')[0]).toContain(`until ${certain}`);

    stage.goTo(replacedAt + OVERLAP + GRACE_PERIOD + DAY);
    await stage.sweep();
    expect(await previousOf('deleted')).toMatchObject({
      keyId,
      phase: 'overlap',
      hold: { cause: 'secretDeleted' },
    });
    expect(await stage.account.keysOf('deleted')).toContain(`${keyId} Active`);

    await secretsManager.send(new RestoreSecretCommand({ SecretId }));
    await stage.sweep();
    expect(toldOf('secretDeleted')).toHaveLength(2);
    expect(await previousOf('deleted')).toMatchObject({ keyId, phase: 'deactivated' });
  });

  it('a copy that Secrets Manager could not make is told, and the previous key is kept until it is in sync', async () => {
    const copied = 'iam-key-rotation/copied';
    expect(await stage.rotate('copied')).toContain('RotationSucceeded');
    const { replacedAt, keyId } = await previousOf('copied');
    const message = 'KMS key of the copy is disabled.';
    stage.aws.hinderCopy(copied, 'eu-central-1', { status: 'Failed', message });

    stage.goTo(replacedAt + OVERLAP + SECOND);
    await stage.sweep();
    stage.goTo(replacedAt + OVERLAP + HOUR);
    await stage.sweep();
    expect(await previousOf('copied')).toMatchObject({
      keyId,
      phase: 'overlap',
      hold: { cause: 'copyNotInSync' },
    });
    expect(toldOf('copyNotInSync')).toHaveLength(1);
    expect(toldOf('copyNotInSync')[0]).toContain(`eu-central-1 (Failed: ${message})`);

    stage.aws.hinderCopy(copied, 'eu-central-1', undefined);
    await stage.sweep();
    expect(await previousOf('copied')).toMatchObject({ keyId, phase: 'deactivated' });
    expect(toldOf('copyNotInSync')).toHaveLength(2);
  });

  it('a secret with a copy moves one label at the end of a rotation, and AWSPENDING stays where AWSCURRENT is', async () => {
    const moves = stage.aws.calls().filter(({ action }) => action === 'UpdateSecretVersionStage');
    const ofCopied = moves.filter(({ parameters }) => String(parameters['SecretId']).includes('/copied'));
    expect(ofCopied.map(({ parameters }) => parameters['VersionStage'])).toEqual(['AWSCURRENT']);
  });

  it('a rotation that somebody cancelled is told, and terraform apply switches it on again', async () => {
    await secretsManager.send(new CancelRotateSecretCommand({ SecretId: 'iam-key-rotation/cancelled' }));
    await stage.sweep();
    stage.goTo(stage.now() + HOUR);
    await stage.sweep();
    expect(toldOf('rotationDetached')).toHaveLength(1);
    expect(toldOf('rotationDetached')[0]).toContain('switched off');
  });
});
