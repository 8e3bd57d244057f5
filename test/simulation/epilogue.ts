import { HOUR, MINUTE, SECOND } from '../../contract/instant';
import { delivery } from './actors/delivery';
import { actByHand } from './actors/person';
import { rotation } from './actors/secrets-manager';
import { sweep } from './actors/sweep';
import { firstKey } from './actors/terraform';
import { unansweredLeaks } from './actors/responder';
import type { World } from './engine/world';
import type { History } from './history';
import type { Subject } from './subject';

/** Rotations that may fail first, each for a reason that its failure removes (R5: the same or a later one). */
const ROTATIONS = 4;

/**
 * R5: leases and attempts lapse, nothing fails any more, and only the product acts: a first key or a rotation
 * must then succeed, and leave no orphaned or stillborn key. Only keys that people made are out of its power.
 */
export async function bringToAGoodEnd(world: World, history: History, subject: Subject): Promise<void> {
  await world.wait(10 * MINUTE);
  world.calm();
  if (world.checker.journalLost || history.impostor) return failClosed(world, subject);
  takeBackWhatPeopleDid(world);
  const { current, attempt } = world.checker.journal ?? {};
  // A person's own value is served, an attempt is open, and there is no version of ours to go back to.
  if (
    !servesAKeyOfOurs(world) &&
    world.checker.servedVersion !== undefined &&
    current === undefined &&
    attempt !== undefined
  ) {
    return failClosed(world, subject);
  }

  if (!servesAKeyOfOurs(world) || world.owesFirstKey) {
    await world.play(firstKey(subject));
    if (world.violations.length > 0) return;
    if (!(await succeeded(world)) || world.owesFirstKey) {
      // A first key waits for a rotation under way, and says so; Secrets Manager tries that one again.
      if (world.checker.journal?.attempt !== undefined) {
        await world.play(rotation(subject, { retries: 1, pause: MINUTE, tidies: true }));
      }
      await world.play(firstKey(subject));
    }
    if (!(await succeeded(world)) || world.owesFirstKey) {
      world.checker.report('R5', 'After all faults were over, the first key failed twice.');
      return;
    }
  }
  if (world.checker.unansweredLeaks.length > 0) await world.play(unansweredLeaks(subject));
  for (let attempt = 0; attempt < ROTATIONS && world.violations.length === 0; attempt += 1) {
    takeBackWhatPeopleDid(world);
    const before = world.aws.secretsManager.labels(world.secretArn).AWSCURRENT;
    await world.play(rotation(subject, { retries: 1, pause: MINUTE, tidies: true }));
    const after = world.aws.secretsManager.labels(world.secretArn).AWSCURRENT;
    if (after !== before && (await succeeded(world))) {
      leavesNothingBehind(world);
      await deliverWithinAnHour(world, subject);
      world.checker.everyTargetHoldsTheServedKey();
      await world.play(sweep(subject));
      world.checker.leaksAreOver();
      return;
    }
    await letRetirementCatchUp(world, subject);
  }
  if (world.violations.length > 0) return;
  world.checker.report(
    'R5',
    `After all faults were over, ${ROTATIONS} rotations failed one after the other.`,
  );
}

/** What the product cannot repair it must leave alone: the checker makes sure that no key is touched. */
async function failClosed(world: World, subject: Subject): Promise<void> {
  await world.play(rotation(subject, { retries: 1, pause: MINUTE, tidies: true }));
  await letRetirementCatchUp(world, subject);
  await world.play(rotation(subject, { retries: 1, pause: MINUTE, tidies: true }));
}

const UNDONE = [
  'restoreSecret',
  'mendCopy',
  'attachRotation',
  'nameTheUserAgain',
  'mendTargets',
  'mendDeliveries',
] as const;

/**
 * What a person did against the product stays until a person undoes it, as the errors say: R4 and R8
 * forbid the product to do it.
 */
function takeBackWhatPeopleDid(world: World): void {
  const { checker, aws, settings, secretArn } = world;
  const doer = { by: 'person' } as const;
  for (const act of UNDONE) actByHand(world, { act });
  const { AWSCURRENT: from } = aws.secretsManager.labels(secretArn);
  const { journal } = checker;
  const to =
    journal?.current?.versionId ??
    journal?.previous.find(({ versionId }) => versionId !== undefined)?.versionId ??
    // Of a journal that was begun anew: where the label was before the rotation that it carries.
    journal?.attempt?.currentVersionId;
  // Deleted, or of a user that has another name now.
  const gone = !aws.iam.keysOf(settings.userName).some(({ id }) => id === checker.servedKey);
  if ((gone || !servesAKeyOfOurs(world)) && from !== undefined && to !== undefined && from !== to) {
    world.note(() => `a person moves AWSCURRENT back to the version that the journal names`);
    aws.secretsManager.moveLabel(secretArn, 'AWSCURRENT', { from, to }, world.now, doer);
  }
  serveAnotherIfDeadlocked(world);
  const { servedKey } = checker;
  const served = aws.iam.keysOf(settings.userName).find(({ id }) => id === servedKey);
  if (served?.status.now === 'Inactive') {
    world.note(() => `a person re-activates the current key ${served.id}`);
    aws.iam.setStatus(settings.userName, served.id, 'Active', world.now, doer);
  }
  for (const { id } of aws.iam.keysOf(settings.userName)) {
    const truth = checker.truth(id)!;
    const isHeld = checker.journal?.previous.find(({ keyId }) => keyId === id)?.phase === 'deactivated';
    const isByPerson = truth.changedByPersonAt !== undefined && aws.iam.key(id)!.status.now === 'Active';
    const inTheWay = truth.madeBy === 'person' || (isHeld && isByPerson);
    if (!inTheWay || servedKey === id) continue;
    world.note(() => `a person deletes key ${id} that they made or re-activated`);
    aws.iam.delete(settings.userName, id, world.now, doer);
  }
}

/**
 * A person deleted the current key, and both slots hold previous ones: no slot for a new key, and none of the old
 * may go while nothing else works. The person has to serve one of them again.
 */
function serveAnotherIfDeadlocked(world: World): void {
  const { aws, checker, settings, secretArn, now } = world;
  const { servedKey, servedVersion: from, journal } = checker;
  const isServedKeyGone = aws.iam.key(servedKey ?? '')?.status.now === 'Gone';
  if (!isServedKeyGone || aws.iam.keysOf(settings.userName).length < 2) return;
  const to = journal?.previous.find(({ keyId }) => aws.iam.key(keyId)?.status.now !== 'Gone')?.versionId;
  if (to === undefined || from === undefined) return;
  world.note(() => 'a person moves AWSCURRENT to a previous key, because the current one is deleted');
  aws.secretsManager.moveLabel(secretArn, 'AWSCURRENT', { from, to }, now, { by: 'person' });
}

const servesAKeyOfOurs = ({ checker }: World): boolean =>
  checker.servedKey !== undefined && checker.truth(checker.servedKey)?.madeBy === 'product';

/** By an event, and by the hourly run: some services take longer to restart than one run waits. */
async function deliverWithinAnHour(world: World, subject: Subject): Promise<void> {
  await world.play(delivery(subject));
  if (!(world.settings.deliver ?? []).some(({ kind }) => kind === 'restart')) return;
  await world.wait(HOUR);
  await world.play(delivery(subject));
}

/** Whoever answers for the consumers says so, and they use the key: where the product waits for it, nothing else ends that. */
async function acknowledgeServedKey(world: World): Promise<void> {
  const { acknowledgement, userName } = world.settings;
  if (acknowledgement === undefined) return;
  await world.wait(16 * MINUTE);
  const key = world.aws.iam.keysOf(userName).findIndex(({ id }) => id === world.checker.servedKey);
  if (key < 0) return;
  actByHand(world, { act: acknowledgement.by === 'command' ? 'acknowledge' : 'useKey', key });
  await world.wait(12 * HOUR);
}

async function letRetirementCatchUp(world: World, subject: Subject): Promise<void> {
  await acknowledgeServedKey(world);
  await deliverWithinAnHour(world, subject);
  await world.play(sweep(subject));
  await world.wait((world.settings.overlapSeconds + 60) * SECOND);
  await world.play(sweep(subject));
  await world.wait((world.settings.gracePeriodSeconds + 60) * SECOND);
  await world.play(sweep(subject));
}

async function succeeded(world: World): Promise<boolean> {
  const { servedKey } = world.checker;
  return servedKey !== undefined && world.aws.iam.key(servedKey)?.status.now === 'Active';
}

function leavesNothingBehind(world: World): void {
  const { checker } = world;
  for (const { id } of world.aws.iam.keysOf(world.settings.userName)) {
    const truth = checker.truth(id);
    if (truth?.madeBy !== 'product' || id === checker.servedKey) continue;
    const { journal } = checker;
    const isRetired = journal?.previous.some(({ keyId }) => keyId === id) === true;
    const known = isRetired || journal?.current?.keyId === id;
    // One that may have been current, as far as the product can tell, leaves like any previous key.
    if (!truth.everCurrent && !isRetired)
      checker.report('R5', `Key ${id} never became current and is still there.`);
    if (!known)
      checker.report('R5', `Key ${id}, which this product made, is forgotten: no journal names it any more.`);
  }
}
