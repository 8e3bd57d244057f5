import { SecretMaterial } from '../../../../contract/secret-material';
import { sesSmtpPassword } from '../../../../handlers/core/model/ses-smtp-password';
import { RetirementWorld } from '../../../support/retirement-world';
import { tokenOf, UserWorld } from '../../support/user-world';

type Stored = Readonly<Record<string, string | undefined>>;

/** The current value of the secret. */
function served(world: UserWorld): Stored {
  const version = world.labels['AWSCURRENT']!;
  return JSON.parse(world.aws.secretsManager.text(world.settings.secretArn, version)!) as Stored;
}

const expectPasswordFor = (region: string, stored: Stored): void => {
  const secret = new SecretMaterial(stored['SecretAccessKey']!);
  expect(stored['SmtpUserName']).toBe(stored['AccessKeyId']);
  expect(stored['SmtpPassword']).toBe(sesSmtpPassword(secret, region).reveal());
  expect(stored['SmtpRegion']).toBe(region);
};

const sesSmtp = { region: 'eu-west-1' };

describe('the SMTP password of a user that sends mail is stored', () => {
  test('the SMTP password is stored with the first key', async () => {
    expectPasswordFor('eu-west-1', served(await UserWorld.withFirstKey({ sesSmtp })));
  });

  test('the SMTP password is stored with the key of a rotation', async () => {
    const world = await UserWorld.withFirstKey({ sesSmtp });
    await world.rotate(tokenOf(1));
    expectPasswordFor('eu-west-1', served(world));
  });

  test('the SMTP password is stored with the key that replaces a leaked one', async () => {
    const world = await RetirementWorld.withCurrentKey({ sesSmtp });
    await world.replaceLeakedKey({ leakedKeyId: served(world)['AccessKeyId']! });
    expectPasswordFor('eu-west-1', served(world));
  });

  test('the SMTP password is stored from the next rotation on, where the settings say so later, or say another region', async () => {
    const world = await UserWorld.withFirstKey();
    expect(served(world)).not.toHaveProperty('SmtpPassword');
    for (const [number, region] of ['eu-west-1', 'us-east-1'].entries()) {
      // What `terraform apply` changes; the values that are stored stay as they are.
      Object.assign(world.settings, { sesSmtp: { region } });
      await world.rotate(tokenOf(number + 1), 'announce');
      expect(served(world)['SmtpRegion']).not.toBe(region);
      for (const step of ['createSecret', 'testSecret', 'finishSecret'] as const) {
        await world.step(step, tokenOf(number + 1));
      }
      expectPasswordFor(region, served(world));
      for (const id of world.keyIds) if (id !== world.servedKeyId) world.deleteByHand(id);
    }
  });

  test('R7: the SMTP password is in no log line, journal or event', async () => {
    const world = await UserWorld.withFirstKey({ sesSmtp });
    await world.rotate(tokenOf(1));
    const password = served(world)['SmtpPassword']!;
    const events = world.events.filter(({ what }) => what !== 'valuePut');
    expect(JSON.stringify([world.log, world.journal, events])).not.toContain(password);
  });
});
