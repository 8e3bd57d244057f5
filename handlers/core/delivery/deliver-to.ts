import { targetName, targetShape, type DeliveryTarget, type WrittenTarget } from '../../../contract/delivery';
import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import type { CurrentKey } from '../model/journal';
import type { StoredValue } from '../model/ports';
import { emit, suffixOf } from '../telemetry/emit';
import { currentKeyOf } from './current-key';
import { knownOf, record, type DeliveryWork } from './delivery-work';
import { mergeFields } from './merge-fields';
import { TargetRefusedError } from './target-refused-error';
import { writeGithubSecrets, writeHttps } from './write-outside';

/** `underWay`: it takes the current key, and is not ready yet. */
export type TargetResult = 'delivered' | 'underWay' | 'refused' | 'unclear';

/**
 * Brings the current key to one target: announces, looks whether the key is still current, lets `perform` act, and records what
 * came of it.
 *
 * @param perform says whether the target has the key now; it throws TargetRefusedError, or what a port throws
 */
export async function deliverTo(
  work: DeliveryWork,
  target: DeliveryTarget,
  { keyId, versionId }: CurrentKey,
  perform: () => Promise<'delivered' | 'underWay'>,
): Promise<TargetResult | 'no longer current'> {
  const { ports, settings } = work;
  const name = targetName(target);
  const before = knownOf(work, target);
  const isAgain = (one: { keyId: string; versionId: string }): boolean =>
    one.versionId === versionId && one.keyId === keyId;
  const at = before.announced.find(isAgain)?.at ?? ports.clock.now();
  const announcement = { keyId, versionId, at };
  const earlier = before.announced.filter((one) => !isAgain(one));
  const announced = { ...before, announced: [...earlier, announcement] };
  await record(work, announced);
  const now = await currentKeyOf(ports, settings);
  if (now?.versionId !== versionId) {
    await record(work, before);
    return 'no longer current';
  }
  let result: 'delivered' | 'underWay';
  try {
    result = await perform();
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof CallUnansweredError)) throw error;
    const failing = {
      since: before.failing?.since ?? ports.clock.now(),
      attempts: (before.failing?.attempts ?? 0) + 1,
      error: error.message,
    };
    // A refusal says that nothing was written now; what was announced before may still be there.
    await record(work, { ...(isRefusal(error) ? before : announced), failing });
    ports.metrics.record('DeliveriesFailed', 1);
    ports.log.error('a target did not take the current key', { target: name, keyId, error });
    return isRefusal(error) ? 'refused' : 'unclear';
  }
  if (result === 'underWay') {
    ports.log.info('a target is taking the current key', { target: name, keyId, versionId });
    return result;
  }
  await record(work, {
    target: name,
    delivered: { keyId, versionId, at: ports.clock.now(), shape: targetShape(target) },
    announced: [],
  });
  ports.log.info('a target holds the current key', { target: name, keyId, versionId });
  emit({ ports, settings }, 'Key Delivered', { keyIdSuffix: suffixOf(keyId), versionId, target: name });
  return result;
}

const isRefusal = (error: unknown): error is CallRefusedError | TargetRefusedError =>
  error instanceof CallRefusedError || error instanceof TargetRefusedError;

/** Writes what a target that gets the key itself is to hold. */
export async function write(
  { ports, leased }: DeliveryWork,
  target: WrittenTarget,
  value: StoredValue,
): Promise<'delivered'> {
  switch (target.kind) {
    case 'parameter':
      await leased.act(() => ports.parameterTargets.put(target, value.text));
      break;
    case 'githubActions':
      await writeGithubSecrets(ports, leased, target, value.text);
      break;
    case 'https':
      await writeHttps(ports, leased, target, value.text);
      break;
    case 'secret': {
      const text = mergeFields(await ports.secretTargets.read(target), target, value.text);
      await leased.act(() => ports.secretTargets.put(target, text));
      break;
    }
  }
  return 'delivered';
}
