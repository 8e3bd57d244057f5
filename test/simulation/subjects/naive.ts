import type { CreatedAccessKey } from '../../../handlers/core/model/access-key';
import { SECOND } from '../../../contract/instant';
import type { DeliveryPorts } from '../../../handlers/core/delivery/delivery-ports';
import type { RotationPorts, VersionLabel } from '../../../handlers/core/model/ports';
import { SecretMaterial } from '../../../contract/secret-material';
import { RotationAbandonedError } from '../../../handlers/core/model/refusals';
import type { Settings } from '../../../contract/settings';
import type { Subject } from '../subject';

/** What rotators get wrong (reference: the hazards of other systems), one at a time. */
export type Sin =
  | 'none'
  | 'promotes without a proof'
  | 'promotes after a single proof'
  | 'deactivates at once'
  | 'deletes the other key to make room'
  | 'deletes the oldest key to make room'
  | 'logs the new key'
  | 'names the secret in an error'
  | 'fails with a bug'
  | 'waits for something else than its ports'
  | 'delivers the key that was current before, too';

/** A rotator without journal and lease, as many are. It exists to show that the rules notice what it does. */
export function naive(sin: Sin): Subject {
  return {
    async handle(ports, stableKey, call) {
      const settings = (await ports.settings.read(stableKey))!;
      const arn = settings.secretArn;
      if (call.Step === 'firstKey') return makeFirstKey(ports, settings);
      if (call.Step === 'replaceLeakedKey') return undefined;
      const token = call.ClientRequestToken;
      const { labels } = await ports.secrets.describe(arn);
      switch (call.Step) {
        case 'createSecret': {
          if ((await ports.secrets.read(arn, { versionId: token })) !== undefined) return;
          await makeRoom(ports, settings, sin);
          const key = await ports.keys.create(settings.userName);
          if (sin === 'logs the new key') ports.log.info('created', { secret: key.secretAccessKey.reveal() });
          if (sin === 'names the secret in an error') {
            throw new RotationAbandonedError(`Could not use ${key.secretAccessKey.reveal()}.`, 'Try again.');
          }
          if (sin === 'fails with a bug') return (undefined as unknown as string).length;
          if (sin === 'waits for something else than its ports') await new Promise(() => undefined);
          return ports.secrets.put(arn, {
            versionId: token,
            text: textOf(key),
            label: 'AWSPENDING',
            rotationToken: undefined,
          });
        }
        case 'setSecret':
          return;
        case 'testSecret': {
          if (sin === 'promotes without a proof') return;
          const stored = await ports.secrets.read(arn, { versionId: token });
          if (stored === undefined) return;
          const { AccessKeyId, SecretAccessKey } = JSON.parse(stored.text.reveal()) as Record<string, string>;
          return prove(
            ports,
            AccessKeyId!,
            SecretAccessKey!,
            sin === 'promotes after a single proof' ? 1 : 3,
          );
        }
        case 'finishSecret': {
          await ports.secrets.moveLabel(arn, 'AWSCURRENT', { from: labels.AWSCURRENT, to: token });
          if (sin !== 'deactivates at once') return;
          const old = await ports.secrets.read(arn, { label: 'AWSPREVIOUS' });
          const { AccessKeyId } = JSON.parse(old!.text.reveal()) as { AccessKeyId: string };
          return ports.keys.deactivate(settings.userName, AccessKeyId);
        }
      }
    },
    sweep: () => Promise.resolve(),
    deliver: (ports, settings) => deliver(ports, settings, sin),
    rollBack: () => Promise.resolve(),
    replaceLeakedKey: () => Promise.resolve(),
  };
}

async function makeFirstKey(ports: RotationPorts, settings: Settings): Promise<void> {
  const stored = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
  if (stored !== undefined) return;
  const key = await ports.keys.create(settings.userName);
  await prove(ports, key.id, key.secretAccessKey.reveal(), 3);
  await ports.secrets.put(settings.secretArn, {
    versionId: 'first-key-000000000000000000000000',
    text: textOf(key),
    label: 'AWSCURRENT',
    rotationToken: undefined,
  });
}

/** As home-grown scripts copy: without a record, and whatever label they are told to read. */
async function deliver(ports: DeliveryPorts, settings: Settings, sin: Sin): Promise<void> {
  await deliverVersion(ports, settings, 'AWSCURRENT');
  if (sin === 'delivers the key that was current before, too')
    await deliverVersion(ports, settings, 'AWSPREVIOUS');
}

async function deliverVersion(ports: DeliveryPorts, settings: Settings, label: VersionLabel): Promise<void> {
  const stored = await ports.secrets.read(settings.secretArn, { label });
  if (stored === undefined) return;
  const { AccessKeyId, SecretAccessKey } = JSON.parse(stored.text.reveal()) as Record<string, string>;
  const fields = { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey };
  for (const target of settings.deliver ?? []) {
    if (target.kind === 'parameter') await ports.parameterTargets.put(target, stored.text);
    else if (target.kind === 'restart') await ports.restartTargets.restart(target);
    else if (target.kind === 'secret')
      await ports.secretTargets.put(target, new SecretMaterial(JSON.stringify(fields)));
  }
}

async function makeRoom(ports: RotationPorts, settings: Settings, sin: Sin): Promise<void> {
  const keys = await ports.keys.list(settings.userName);
  if (keys.length < 2) return;
  const stored = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
  const served = (JSON.parse(stored!.text.reveal()) as { AccessKeyId: string }).AccessKeyId;
  if (sin === 'deletes the other key to make room') {
    await ports.keys.delete(settings.userName, keys.find(({ id }) => id !== served)!.id);
  }
  if (sin === 'deletes the oldest key to make room') {
    const [oldest] = keys.toSorted((a, b) => a.createdAt - b.createdAt);
    await ports.keys.delete(settings.userName, oldest!.id);
  }
}

async function prove(ports: RotationPorts, id: string, secret: string, times: number): Promise<void> {
  for (let proofs = 0; proofs < times;) {
    try {
      await ports.probe.callerIdentity({ accessKeyId: id, secretAccessKey: new SecretMaterial(secret) });
      proofs += 1;
    } catch {
      proofs = 0;
      await ports.clock.sleep(SECOND);
    }
  }
}

const textOf = (key: CreatedAccessKey): SecretMaterial =>
  new SecretMaterial(
    JSON.stringify({ Version: 1, AccessKeyId: key.id, SecretAccessKey: key.secretAccessKey.reveal() }),
  );
