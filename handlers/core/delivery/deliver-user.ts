import { targetName, targetShape, type DeliveryTarget } from '../../../contract/delivery';
import { SECOND } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { isDelivered, recordOf } from '../key-moves/deliveries';
import { requireBound } from '../key-moves/key-work';
import { whileLeased, type Leased } from '../key-moves/lease';
import { requireCredentials } from '../key-moves/stored-key';
import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import type { DeliveryJournal, TargetRecord } from '../model/delivery-journal';
import type { CurrentKey } from '../model/journal';
import type { StoredValue } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import { emit, suffixOf } from '../telemetry/emit';
import type { DeliveryPorts } from './delivery-ports';
import { mergeFields } from './merge-fields';
import { TargetRefusedError } from './target-refused-error';
import { writeGithubSecrets, writeHttps } from './write-outside';

/** What came of a user's targets, by their names. */
export interface DeliveryOutcome {
  /** They got the current key now. */
  readonly delivered: readonly string[];
  /** They have not, or may not have, the current key; the next run tries again. */
  readonly failed: readonly string[];
}

/** Between a move of AWSCURRENT and its journal entry; and until Secrets Manager shows it. */
const PROMOTION_WAIT = 60 * SECOND;
const PROMOTION_POLL = 5 * SECOND;

const NOTHING: DeliveryOutcome = { delivered: [], failed: [] };

/**
 * Brings the current key to each target that does not have it. Each delivery is announced before the act and recorded
 * after it, under a lease of its own, so that a slow target blocks no rotation (R12).
 *
 * Between announcement and act it looks whether the key is still current: whoever retires a key reads the user's journal
 * first and the announcements after it, so one of the two sees the other. A target that gave no clear answer is not
 * written to again in this run: AWS may perform the first write late (R13), and no write of a target compares (F 12.1).
 */
export async function deliverUser(ports: DeliveryPorts, settings: Settings): Promise<DeliveryOutcome> {
  const { deliver = [], stableKey } = settings;
  if (deliver.length === 0) return NOTHING;
  const current = await currentKeyOf(ports, settings);
  if (current === undefined) return NOTHING;
  const known = await ports.deliveries.read(stableKey);
  if (deliver.every((target) => isDelivered(target, current, known))) return NOTHING;
  const of = {
    store: ports.deliveryJournals,
    stableKey,
    othersWork: `Another run has been delivering the key of ${stableKey}`,
  };
  return whileLeased(ports, of, (leased) => deliverUnderLease({ ports, settings, leased }));
}

interface DeliveryWork {
  readonly ports: DeliveryPorts;
  readonly settings: Settings;
  readonly leased: Leased<DeliveryJournal>;
}

/** Begins again for as long as another key becomes current meanwhile. */
async function deliverUnderLease(work: DeliveryWork): Promise<DeliveryOutcome> {
  const { ports, settings, leased } = work;
  const { deliver = [] } = settings;
  // A lease can be renewed only where there is a record.
  if (leased.content === undefined) await leased.write({ targets: [] });
  const results = new Map<string, Result>();
  for (;;) {
    const { current, value } = await readCurrent(work);
    for (const target of deliver) {
      const name = targetName(target);
      if (isDelivered(target, current, leased.content) || results.get(name) === 'unclear') continue;
      const result = await deliverTo(work, target, current, value);
      if (result === 'no longer current') break;
      results.set(name, result);
    }
    const now = await currentKeyOf(ports, settings);
    if (now?.versionId === current.versionId) break;
  }
  const named = (wanted: (result: Result) => boolean): readonly string[] =>
    [...results].filter(([, result]) => wanted(result)).map(([name]) => name);
  return {
    delivered: named((result) => result === 'delivered'),
    failed: named((result) => result !== 'delivered'),
  };
}

type Result = 'delivered' | 'refused' | 'unclear';

async function deliverTo(
  work: DeliveryWork,
  target: DeliveryTarget,
  current: CurrentKey,
  value: StoredValue,
): Promise<Result | 'no longer current'> {
  const { ports, settings, leased } = work;
  const { keyId, versionId } = current;
  const name = targetName(target);
  const before: TargetRecord = recordOf(target, leased.content) ?? { target: name, announced: [] };
  const announcement = { keyId, versionId, at: ports.clock.now() };
  const announced = { ...before, announced: [...before.announced, announcement] };
  await record(work, announced);
  const now = await currentKeyOf(ports, settings);
  if (now?.versionId !== versionId) {
    await record(work, before);
    return 'no longer current';
  }
  try {
    await write(work, target, value);
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
  const at = ports.clock.now();
  await record(work, {
    target: name,
    delivered: { keyId, versionId, at, shape: targetShape(target) },
    announced: [],
  });
  ports.log.info('a target holds the current key', { target: name, keyId, versionId });
  emit({ ports, settings }, 'Key Delivered', { keyIdSuffix: suffixOf(keyId), versionId, target: name });
  return 'delivered';
}

const isRefusal = (error: unknown): error is CallRefusedError | TargetRefusedError =>
  error instanceof CallRefusedError || error instanceof TargetRefusedError;

async function write(
  { ports, leased }: DeliveryWork,
  target: DeliveryTarget,
  value: StoredValue,
): Promise<void> {
  if (target.kind === 'parameter') return leased.act(() => ports.parameterTargets.put(target, value.text));
  if (target.kind === 'githubActions') return writeGithubSecrets(ports, leased, target, value.text);
  if (target.kind === 'https') return writeHttps(ports, leased, target, value.text);
  const text = mergeFields(await ports.secretTargets.read(target), target, value.text);
  await leased.act(() => ports.secretTargets.put(target, text));
}

/** Of the targets that the configuration names; what others hold is nobody's concern any more. */
async function record({ settings, leased }: DeliveryWork, changed: TargetRecord): Promise<void> {
  const names = new Set((settings.deliver ?? []).map(targetName));
  const others = (leased.content?.targets ?? []).filter(
    ({ target }) => target !== changed.target && names.has(target),
  );
  await leased.write({ targets: [...others, changed] });
}

/**
 * Undefined: the user has no key yet; or a rollback is under way, and AWSCURRENT may be back on another key already, which a
 * target may hold (R13).
 */
async function currentKeyOf(
  { journals }: Pick<DeliveryPorts, 'journals'>,
  settings: Settings,
): Promise<CurrentKey | undefined> {
  const { journal } = await journals.read(settings.stableKey);
  if (journal === undefined) return undefined;
  requireBound(journal, settings);
  const isMovingBack = journal.previous.some(({ phase }) => phase === 'reactivating');
  return isMovingBack ? undefined : journal.current;
}

/**
 * The key that is current by the journal and by the label, and its value. Between the move of the label and its entry in the
 * journal the two differ, for seconds.
 *
 * @throws UnknownStateError if they go on to differ
 */
async function readCurrent({
  ports,
  settings,
  leased,
}: DeliveryWork): Promise<{ readonly current: CurrentKey; readonly value: StoredValue }> {
  const giveUpAt = ports.clock.now() + PROMOTION_WAIT;
  for (;;) {
    const current = await currentKeyOf(ports, settings);
    const value = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
    if (current !== undefined && value?.versionId === current.versionId) {
      const { accessKeyId } = requireCredentials(value, settings);
      if (accessKeyId === current.keyId) return { current, value };
      throw new UnknownStateError(
        `Version ${value.versionId} of the secret holds another key than the journal says.`,
        'Nothing was delivered. Only the rotation writes values: find out who stored this one, and rotate the user.',
      );
    }
    if (ports.clock.now() >= giveUpAt) {
      throw new UnknownStateError(
        `AWSCURRENT is on version ${value?.versionId ?? '(none)'}; by the journal it is on ${current?.versionId ?? '(none)'}.`,
        'Nothing was delivered. The retirement function settles it within the hour, and the next run delivers.',
      );
    }
    await leased.sleep(PROMOTION_POLL);
  }
}
