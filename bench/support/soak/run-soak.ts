import { DAY, HOUR, SECOND } from '../../../contract/instant';
import { MemoryRecord, type ProcessSeries } from './memory-record';
import { SoakStage } from './stage';

/** The product's defaults; and so much more than an overlap that a last use is told for certain. */
const [OVERLAP, GRACE_PERIOD] = [24 * HOUR + 7 * HOUR, 7 * DAY + HOUR];
const SAMPLE_EVERY = 30 * SECOND;
/** Users that are rotated at the same time. */
const AT_ONCE = 2;

export interface SoakRun {
  readonly minutes: number;
  readonly users: number;
  readonly rotations: number;
  readonly deliveries: number;
  readonly keysDeactivated: number;
  readonly keysDeleted: number;
  /** Of functions, for an event: Lambda has repeated them. */
  readonly failedInvocations: number;
  readonly daysPassed: number;
  /** Of each user, in the end. */
  readonly keysLeft: readonly number[];
  readonly applicationCalls: number;
  readonly applicationCallsFailed: number;
  /** Resident memory of the processes that were there in the end. */
  readonly processes: readonly ProcessSeries[];
  /** Live heap after a collection, of those that answer a question about it. */
  readonly heaps: readonly ProcessSeries[];
}

/**
 * Rotations one after the other for as long as is wanted, with everything that comes of them: deliveries, an application that
 * notices the new key, and the sweep that deactivates the old one and deletes it, while the clock of the local AWS is set ahead.
 *
 * @throws Error as soon as a rotation, a sweep or a run of deliveries fails
 */
export async function runSoak(
  { minutes, users }: { readonly minutes: number; readonly users: number },
  tell: (line: string) => void,
): Promise<SoakRun> {
  tell('the local AWS is starting, and Terraform applies the stack');
  const stage = await SoakStage.open(users);
  try {
    const record = new MemoryRecord({ 'local AWS': stage.aws, application: stage.application });
    const count = { rounds: 0, deactivated: 0, deleted: 0 };
    const rotating = async (): Promise<void> => {
      for (; record.minute < minutes; count.rounds += 1) {
        const { deactivated, deleted } = await round(stage);
        count.deactivated += deactivated;
        count.deleted += deleted;
        tell(`${(count.rounds + 1) * users} rotations`);
      }
    };
    const over = new AbortController();
    await Promise.race([rotating(), record.follow({ every: SAMPLE_EVERY, tell }, over.signal)]);
    over.abort();
    const { calls, failed, lastFailure } = await stage.workOfApplication();
    if (lastFailure !== undefined) tell(`the last call of the application that failed: ${lastFailure}`);
    return {
      ...{ minutes, users, rotations: count.rounds * users },
      deliveries: count.rounds * stage.users.reduce((sum, { deliver }) => sum + deliver.length, 0),
      ...{ keysDeactivated: count.deactivated, keysDeleted: count.deleted },
      failedInvocations: await stage.failedInvocations(),
      daysPassed: Math.round((count.rounds * (OVERLAP + GRACE_PERIOD)) / DAY),
      keysLeft: await stage.keys(),
      ...{ applicationCalls: calls, applicationCallsFailed: failed },
      processes: record.staying(),
      heaps: record.heaps(),
    };
  } finally {
    await stage.close();
  }
}

/** Each user gets a new key, and loses the previous one. */
async function round(stage: SoakStage): Promise<{ readonly deactivated: number; readonly deleted: number }> {
  for (let index = 0; index < stage.users.length; index += AT_ONCE)
    await stage.rotate(stage.users.slice(index, index + AT_ONCE));
  await stage.untilPickedUp();
  await stage.deliver();
  await stage.letPass(OVERLAP);
  const deactivated = (await stage.sweep())['deactivate'] ?? 0;
  await stage.letPass(GRACE_PERIOD);
  const deleted = (await stage.sweep())['delete'] ?? 0;
  return { deactivated, deleted };
}
