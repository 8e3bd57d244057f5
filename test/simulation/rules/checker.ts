import {
  CallRefusedError,
  CallUnansweredError,
  UnreadableRecordError,
} from '../../../handlers/core/model/call-errors';
import { MINUTE, SECOND, type Instant, type Milliseconds } from '../../../contract/instant';
import { journalSchema, type Journal } from '../../../handlers/core/model/journal';
import { AbandonedEarlierError, RotationError } from '../../../handlers/core/model/refusals';
import type { AwsEvent, Doer, Labels, Sight } from '../../support/in-memory-aws/events';
import { COPY_LAG } from '../../support/in-memory-aws/secrets-manager';
import type { World, WorldOptions } from '../engine/world';
import { newKeyTruth, type KeyTruth } from './key-truth';
import { showsASecret } from './secrets-in-sight';
import { LeakTruth, type LeakReported } from './leak-truth';
import { TargetTruth } from './target-truth';

/** The rules of docs/design/rules.md, and `Simulation` for what no rule names: a bug of the product or of this simulation. */
export type Rule =
  'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9' | 'R12' | 'R13' | 'R14' | 'R15' | 'Simulation';

export interface Violation {
  readonly rule: Rule;
  readonly what: string;
}

/** Several times in a row (R2): once is not enough for a key that comes and goes. */
const SEVERAL_PROOFS = 2;

/** Two clocks may be so far apart, so a wait may seem over so much too early. */
const CLOCKS_APART: Milliseconds = 2 * SECOND;

/** What has to be known of a user's world to check the rules there. */
export interface CheckedWorld extends Pick<
  World,
  'aws' | 'checker' | 'note' | 'now' | 'secretArn' | 'settings' | 'settingsOf' | 'whatRuns'
> {
  readonly options: Pick<WorldOptions, 'realUserId' | 'weather'>;
}

/** The all-seeing witness: knows the truth about every key, and checks R1 to R4, R7 and R8 at every event. */
export class Checker {
  readonly violations: Violation[] = [];
  readonly #truths = new Map<string, KeyTruth>();
  /** When a person or Secrets Manager last moved AWSCURRENT. */
  #currentMovedByOthersAt: Instant | undefined;
  /** By process. */
  readonly #labelsMovedByUsAt = new Map<number, Instant>();
  /** A person lost or garbled the journal; nothing that it knew may be touched from then on. */
  #journalLost: { readonly at: Instant; readonly how: 'missing' | 'unreadable' } | undefined;
  #journal: Journal | undefined;
  /** The newest that the product wrote, even if a person lost it since: a process may still have it in memory. */
  #lastWritten: Journal | undefined;
  /** Every key that the journal has ever named as made or current, since it was lost last. */
  readonly #journaled = new Set<string>();
  readonly #leaked = new Set<string>();
  readonly #leaks = new LeakTruth((id) => this.world.aws.iam.key(id)?.bornAt ?? Infinity);
  #personActed = false;
  readonly #givesWay = new Set<string>();
  readonly #used = new Set<string>();
  readonly #promotedByUs = new Set<string>();
  readonly #targets: TargetTruth;

  constructor(private readonly world: CheckedWorld) {
    this.#targets = new TargetTruth(world, (rule, what) => this.report(rule, what));
  }

  /** R3: a person asked for an emergency rotation, which knows no overlap and no grace period. */
  personGivesUp(leakedKeyId: string, giveWayKeyId: string | undefined): void {
    this.#leaked.add(leakedKeyId);
    if (giveWayKeyId !== undefined) this.#givesWay.add(giveWayKeyId);
  }

  /** A person named it as leaked, or to make room. */
  isGivenUp(keyId: string): boolean {
    return this.#leaked.has(keyId) || this.#givesWay.has(keyId) || this.#leaks.isReported(keyId);
  }

  /** R15: AWS reports a key, or the user alone. What the journal does not name is no key of ours to it. */
  leakIsReported(keyId: string | undefined): LeakReported {
    const journal = this.#journal;
    const named = [journal?.current, journal?.attempt, ...(journal?.previous ?? [])].flatMap(
      (key) => key?.keyId ?? [],
    );
    const ours = named.filter((id) => keyId === undefined || id === keyId);
    this.world.note(() => `AWS reports a leak of ${keyId ?? 'the user'}`);
    return this.#leaks.report({ keyId, at: this.world.now }, ours);
  }

  leakIsAnswered(report: LeakReported, answer: unknown): void {
    const { isAnswered, stopped } = this.#leaks.answered(report, answer);
    const { iam } = this.world.aws;
    for (const id of stopped) {
      const { changedByPersonAt = -Infinity } = this.#truths.get(id) ?? {};
      const isWorking = this.#isInReach(id) && iam.key(id)?.status.now === 'Active';
      if (isWorking && changedByPersonAt < report.at && this.servedKey !== id)
        this.report('R15', `Key ${id} works although its leak was answered.`);
    }
    this.world.note(() => `the report is ${isAnswered ? 'answered' : 'waiting for a person'}`);
  }

  get unansweredLeaks(): readonly LeakReported[] {
    return this.#leaks.unanswered;
  }

  /** R15: once all faults are over, no key of ours that AWS reported works, and one that works is served. */
  leaksAreOver(): void {
    const { iam } = this.world.aws;
    for (const [id, at] of this.#leaks.ofOurs) {
      const { changedByPersonAt = -Infinity } = this.#truths.get(id) ?? {};
      if (!this.#isInReach(id) || iam.key(id)?.status.now !== 'Active' || changedByPersonAt >= at) continue;
      this.report('R15', `Key ${id} works although AWS reported it as leaked.`);
    }
    if (this.#leaks.ofOurs.size > 0 && iam.key(this.servedKey ?? '')?.status.now !== 'Active')
      this.report('R15', 'After a leak was answered, no key that works is served.');
  }

  /** Of a user that was renamed or made anew, keys are out of it. */
  #isInReach(keyId: string): boolean {
    return this.world.aws.iam.keysOf(this.world.settings.userName).some(({ id }) => id === keyId);
  }

  /** R13: what the product has to have brought about within an hour. */
  everyTargetHoldsTheServedKey(): void {
    this.#targets.everyTargetHolds(this.servedKey);
    this.#targets.noTaskHoldsAnother(this.servedKey);
  }

  report(rule: Rule, what: string): void {
    this.violations.push({ rule, what });
    this.world.note(() => `*** ${rule}: ${what}`);
  }

  truth(keyId: string): KeyTruth | undefined {
    return this.#truths.get(keyId);
  }

  get truths(): readonly KeyTruth[] {
    return [...this.#truths.values()];
  }

  /** The journal as the table holds it. */
  get journal(): Journal | undefined {
    return this.#journal;
  }

  get journalLost(): boolean {
    return this.#journalLost !== undefined;
  }

  /** A person did something to the journal behind the product's back. */
  journalTampered(how: 'missing' | 'unreadable'): void {
    this.#journalLost = { at: this.world.now, how };
    this.#journal = undefined;
    this.#journaled.clear();
    // Only the journal knew that a key was ours to leave alone; a key that is Active looks like any previous one.
    for (const truth of this.#truths.values()) {
      truth.reactivatedByPersonAt = undefined;
      if (truth.beforeReturn !== undefined) {
        truth.beforeReturn = { ...truth.beforeReturn, reactivatedByPersonAt: undefined };
      }
    }
  }

  /** A person brought an older journal back, with nothing in it that a rule rests on. */
  journalBroughtBack(journal: Journal): void {
    this.#journal = journal;
  }

  /** The key in a version's value, if it is a document of ours. */
  keyIn(versionId: string | undefined): string | undefined {
    if (versionId === undefined) return undefined;
    const text = this.world.aws.secretsManager.text(this.world.secretArn, versionId);
    if (text === undefined) return undefined;
    try {
      return (JSON.parse(text) as { AccessKeyId?: string }).AccessKeyId;
    } catch {
      return undefined;
    }
  }

  get servedVersion(): string | undefined {
    return this.world.aws.secretsManager.labels(this.world.secretArn).AWSCURRENT;
  }

  get servedKey(): string | undefined {
    return this.keyIn(this.servedVersion);
  }

  witness(event: AwsEvent): void {
    switch (event.what) {
      case 'keyCreated': {
        this.#keyCreated(event.keyId, event.doer);
        return;
      }
      case 'keyChanged': {
        this.#keyChanged(event);
        return;
      }
      case 'labelsMoved': {
        this.#labelsMoved(event);
        return;
      }
      case 'valuePut':
        return;
      case 'probed': {
        this.#probed(event);
        return;
      }
      case 'targetWritten': {
        this.#targets.written(event, (keyId) => this.truth(keyId));
        return;
      }
      case 'deliveriesWritten': {
        this.looksForSecrets('the deliveries', event.text);
        return;
      }
      case 'journalWritten': {
        this.#journalWritten(event);
        return;
      }
    }
  }

  /** What has to hold whenever no process is acting. */
  check(): void {
    // R1 is checked at the events that can break it, where it is known who did it.
  }

  looksForSecrets(where: string, value: unknown): void {
    if (showsASecret(value)) this.report('R7', `A secret can be read in ${where}.`);
  }

  /** Every failure has a class that says what the caller may do; anything else is a bug. */
  expectsKnownError(who: string, error: unknown): void {
    const cause = error instanceof Error ? error.cause : undefined;
    if (error instanceof Error && error.name === 'UnknownStateError') this.#mayBeUnknown(who, error);
    if (error instanceof Error && error.name === 'WrongUserError') this.#mayLeaveKey(who, triedKey(error));
    if (error instanceof Error && error.name === 'RotationAbandonedError') this.#mayLeavePending(who, cause);
    if (isOurs(error) || isOurs(cause)) return;
    const found = cause ?? error;
    this.report(
      'Simulation',
      `${who} failed with no error of ours: ${found instanceof Error ? found.stack : String(found)}`,
    );
  }

  /** R6: several at a time never look to one another like something that no one can explain. */
  #mayBeUnknown(who: string, { message }: Error): void {
    const { options, settings } = this.world;
    if (!/ (firstKey|createSecret|testSecret|finishSecret)$/.test(who)) return;
    this.#mayFailOnWhatItReplaces(who, message);
    if (this.#personActed || options.realUserId !== settings.userId) return;
    // A rotation of a user that has no first key yet.
    if (message.includes('has no current key yet') || message.includes('holds no current key')) return;
    if (message.includes('holds no journal of this user')) return;
    this.report(
      'R6',
      `${who} found a state that it does not know, although nobody but the product acted: ${message}`,
    );
  }

  /** R5: where no key of ours is current or under way, a first key replaces what is served, at the first try. */
  #mayFailOnWhatItReplaces(who: string, message: string): void {
    const journal = this.#journal;
    if (journal === undefined || journal.current !== undefined || journal.attempt !== undefined) return;
    if (!who.endsWith(' firstKey') || !message.includes('which the journal does not know')) return;
    this.report('R5', `${who} failed on the served value that it is to replace: ${message}`);
  }

  /** R5: whoever gives a rotation up takes AWSPENDING off its token, or Secrets Manager attempts that one again and again. */
  #mayLeavePending(who: string, cause: unknown): void {
    const { AWSPENDING } = this.world.aws.secretsManager.labels(this.world.secretArn);
    const token = this.#journal?.attempt?.token;
    if (cause instanceof AbandonedEarlierError || token === undefined || token !== AWSPENDING) return;
    this.report('R5', `${who} gave its rotation up, and AWSPENDING is on ${token} still.`);
  }

  /** R5: whoever learns that its key was made for another user does not leave it there. */
  #mayLeaveKey(who: string, tried: unknown): void {
    const { attempt } = this.#journal ?? {};
    if (attempt?.keyId === undefined || attempt.promotionAnnouncedAt !== undefined) return;
    const key = this.world.aws.iam.key(attempt.keyId);
    if (!who.endsWith(' testSecret') || key?.userId === this.world.settings.userId) return;
    if (tried !== attempt.keyId) return;
    // A person has made it the served one meanwhile.
    if (this.servedKey === attempt.keyId) return;
    if (key?.status.now === 'Gone') return;
    this.report('R5', `${who} left key ${attempt.keyId} with another user.`);
  }

  /** A person does something by hand. */
  personActs(): void {
    this.#personActed = true;
  }

  #keyCreated(keyId: string, doer: Doer): void {
    const truth =
      doer.by === 'product'
        ? newKeyTruth(keyId, 'product', doer.sight.process)
        : newKeyTruth(keyId, 'person', undefined);
    this.#truths.set(keyId, truth);
    if (doer.by === 'product') this.#mayMakeFirstKey(keyId, doer.sight);
  }

  /** R6: of several first keys at once one makes a key, and the others find it. */
  #mayMakeFirstKey(keyId: string, sight: Sight): void {
    const { world, servedKey } = this;
    if (world.whatRuns(sight.process) !== 'firstKey' || servedKey === undefined) return;
    const served = this.#truths.get(servedKey);
    if (served?.madeBy !== 'product' || served.proofs < SEVERAL_PROOFS || this.#journalLost !== undefined)
      return;
    const isTheirs = world.aws.iam.keysOf(world.settings.userName).some(({ id }) => id === servedKey);
    if (!isTheirs || world.aws.iam.key(servedKey)?.status.now !== 'Active') return;
    // What a person changed a moment ago may not have shown yet.
    const lately = [served.changedByPersonAt, this.#currentMovedByOthersAt].some(
      (at) => at !== undefined && world.now - at < 3 * MINUTE,
    );
    if (!lately)
      this.report('R6', `First key ${keyId} was made although ${servedKey}, which AWSCURRENT serves, works.`);
  }

  #keyChanged(event: AwsEvent & { what: 'keyChanged' }): void {
    const truth = this.#truths.get(event.keyId);
    if (truth === undefined) return;
    if (event.doer.by === 'person') {
      const journaled = this.#journal?.previous.find(({ keyId }) => keyId === truth.id);
      if (event.is === 'Active' && event.was === 'Inactive' && journaled?.phase === 'deactivated') {
        truth.reactivatedByPersonAt = event.at;
        if (truth.beforeReturn !== undefined) {
          truth.beforeReturn = { ...truth.beforeReturn, reactivatedByPersonAt: event.at };
        }
      }
      if (event.is !== 'Active') {
        truth.reactivatedByPersonAt = undefined;
        if (truth.beforeReturn !== undefined) {
          truth.beforeReturn = { ...truth.beforeReturn, reactivatedByPersonAt: undefined };
        }
      }
      truth.changedByPersonAt = event.at;
      return;
    }
    if (event.doer.by !== 'product') return;
    const { sight } = event.doer;
    if (event.is === 'Active') {
      this.#mayTouch(truth, 'activated');
      truth.reactivatedByPersonAt = undefined;
      // R2: whatever was proved of it was proved of a key that nobody had switched off yet.
      truth.proofs = 0;
      truth.proofRun.clear();
      return;
    }
    const verb = event.is === 'Gone' ? 'deleted' : 'deactivated';
    this.#mayTouch(truth, verb);
    this.#mayTakeFromUse(truth, verb, sight);
    this.#mayBeMissed(truth, verb, sight);
    this.#mayRetireNow(truth, verb, sight);
    if (verb === 'deactivated') this.#isAcknowledged(truth, sight);
    if (!this.isGivenUp(truth.id)) this.#targets.mayRetire(truth, verb, CLOCKS_APART);
    if (event.is === 'Gone') this.#mayReap(truth);
    this.#isSureEnough(truth, verb, sight);
    if (event.is !== 'Inactive') return;
    truth.deactivatedByUsAt = event.at;
    // R15: who re-activated it did not know of the report then.
    if (this.#leaks.isReported(truth.id)) truth.reactivatedByPersonAt = undefined;
  }

  /** An application that is no part of this product has used a key. */
  consumersWork(keyId: string): void {
    this.#used.add(keyId);
  }

  /** R14: a word about the key that is current now, or a use of it; and no word about any other. */
  #isAcknowledged(truth: KeyTruth, sight: Sight): void {
    const { aws, settings } = this.world;
    const { acknowledgement, stableKey } = settings;
    if (acknowledgement === undefined || this.isGivenUp(truth.id) || this.#currentMovedUnseen(sight)) return;
    // A deactivation that was begun when it was, and that is made again.
    if (this.#journal?.previous.find(({ keyId }) => keyId === truth.id)?.phase === 'deactivated') return;
    const { keyId: current, since = Infinity } = this.#journal?.current ?? {};
    if (current === undefined) return;
    const saidAt = aws.table.acknowledgements(stableKey).get(current) ?? 0;
    const isSaid = acknowledgement.by !== 'use' && saidAt >= since;
    if (isSaid || (acknowledgement.by !== 'command' && this.#used.has(current))) return;
    this.report('R14', `Key ${truth.id} was deactivated, and nobody has acknowledged ${current}.`);
  }

  /** R4: only a key that this product made. */
  #mayTouch(truth: KeyTruth, verb: string): void {
    if (truth.madeBy === 'product' || this.world.settings.takeOver === 'all') return;
    if (this.#givesWay.has(truth.id) || (verb === 'deactivated' && this.#leaked.has(truth.id))) return;
    if (verb === 'deleted' && this.#looksLikeOurs(truth)) return;
    this.report('R4', `Key ${truth.id}, which a person made, was ${verb}.`);
  }

  /**
   * The hole that docs/safety.md names and nobody can close: a person makes a key in the very seconds in which we announced
   * one and died before making it, and AWS shows no use of it yet.
   */
  #looksLikeOurs(truth: KeyTruth): boolean {
    const { attempt } = this.#journal ?? {};
    if (attempt === undefined || attempt.keyId !== undefined) return false;
    const { iam } = this.world.aws;
    const inItsTime = (keyId: string): boolean => {
      const { bornAt } = iam.key(keyId)!;
      return bornAt >= attempt.announcedAt - 2 * CLOCKS_APART && bornAt <= attempt.until + 2 * CLOCKS_APART;
    };
    const oursIsThere = this.truths.some(
      ({ id, madeBy }) =>
        madeBy === 'product' &&
        inItsTime(id) &&
        !attempt.keysBefore.includes(id) &&
        iam.key(id)!.status.now !== 'Gone',
    );
    const shownBefore = this.world.now - this.world.options.weather.lastUsed;
    const used = iam.key(truth.id)!.uses.some(({ service, at }) => service !== 'sts' && at < shownBefore);
    return inItsTime(truth.id) && !oursIsThere && !used;
  }

  /** R1: never the key that AWSCURRENT serves, unless a person moved the label after we had looked. */
  #mayTakeFromUse(truth: KeyTruth, verb: string, sight: Sight): void {
    if (this.servedKey !== truth.id) return;
    const movedUnseen =
      this.#currentMovedByOthersAt !== undefined &&
      this.#currentMovedByOthersAt > (sight.describedAsOf ?? Infinity);
    if (movedUnseen) return;
    this.report('R1', `Key ${truth.id}, which AWSCURRENT serves, was ${verb}.`);
  }

  /** R3: not while applications may be unable to read the key that replaced it, as the process saw it last. */
  #mayBeMissed(truth: KeyTruth, verb: string, sight: Sight): void {
    if (!truth.everCurrent || this.#givesWay.has(truth.id)) return;
    // No key of ours: a person who served it once names it as leaked.
    if (truth.madeBy === 'person' && this.#leaked.has(truth.id)) return;
    // What changed in the very millisecond of its answer may have come after it.
    const asOf = sight.describedAsOf === undefined ? this.world.now : sight.describedAsOf - 1;
    const { deletedDate, copies } = this.world.aws.secretsManager.describe(this.world.secretArn, asOf);
    if (deletedDate !== undefined) {
      this.report('R3', `Key ${truth.id} was ${verb} while the secret is scheduled for deletion.`);
    }
    if (this.#leaked.has(truth.id) || this.#leaks.isReported(truth.id)) return;
    for (const { region, status } of copies) {
      if (status === 'InSync') continue;
      this.report('R3', `Key ${truth.id} was ${verb} while the copy in ${region} is ${status}.`);
    }
  }

  /** R3 and R4: a key that was current leaves in two steps, each in its time, and not against a person's will. */
  #mayRetireNow(truth: KeyTruth, verb: 'deleted' | 'deactivated', sight: Sight): void {
    const isTakenOver =
      truth.madeBy === 'person' && this.world.settings.takeOver === 'all' && !this.#looksLikeOurs(truth);
    if ((!truth.everCurrent && !isTakenOver) || this.#givesWay.has(truth.id) || this.#leaked.has(truth.id))
      return;
    if (verb === 'deactivated' && this.#leaks.isReported(truth.id)) return;
    const { now, settings } = this.world;
    if (
      truth.reactivatedByPersonAt !== undefined &&
      truth.reactivatedByPersonAt <= (sight.listedAsOf ?? Infinity)
    ) {
      this.report('R4', `Key ${truth.id} was ${verb} although a person had re-activated it.`);
    }
    if (verb === 'deactivated' && !truth.everCurrent) return;
    if (verb === 'deactivated') {
      const over = (truth.replacedAt ?? Infinity) + settings.overlapSeconds * SECOND;
      if (now + CLOCKS_APART >= over || this.#currentMovedUnseen(sight)) return;
      this.report(
        'R3',
        `Key ${truth.id} was deactivated ${describeWait(over - now)} before its overlap was over.`,
      );
      return;
    }
    if (truth.deactivatedByUsAt === undefined) {
      // A person took AWSCURRENT from it, the journal did not know it as current yet, and no label shows it any more.
      const { current, previous = [] } = this.#journal ?? {};
      const isJournaled = [current, ...previous].some((key) => key?.keyId === truth.id);
      if (!isTakenOver && truth.replacedByPerson && !isJournaled && !this.#labelled(truth.id)) return;
      this.report(
        'R4',
        `Key ${truth.id} was current once and was deleted without having been deactivated by us.`,
      );
      return;
    }
    const over = truth.deactivatedByUsAt + settings.gracePeriodSeconds * SECOND;
    // R15: its slot is needed, or it may be the key that leaked.
    if (now + CLOCKS_APART < over && !this.#leaks.mayNeedSlot) {
      this.report(
        'R3',
        `Key ${truth.id} was deleted ${describeWait(over - now)} before its grace period was over.`,
      );
    }
    if (
      this.world.aws.iam.key(truth.id)!.status.at(now - 1) === 'Active' &&
      !this.#changedUnseen(truth, sight)
    ) {
      this.report('R4', `Key ${truth.id} was deleted while it was Active.`);
    }
  }

  /** R4: a key is stillborn only once its rotation is abandoned, and then AWSPENDING is no longer on its version. */
  #mayReap(truth: KeyTruth): void {
    const { AWSCURRENT, AWSPENDING } = this.world.aws.secretsManager.labels(this.world.secretArn);
    const isOver = AWSPENDING === AWSCURRENT || this.#journal?.attempt?.token !== AWSPENDING;
    if (isOver || this.keyIn(AWSPENDING) !== truth.id || this.#givesWay.has(truth.id)) return;
    this.report('R4', `Key ${truth.id} was deleted while its rotation was under way.`);
  }

  /** R8: what a process did not make itself, nor read of in a journal that can be trusted, has to be certain. */
  #isSureEnough(truth: KeyTruth, verb: 'deleted' | 'deactivated', sight: Sight): void {
    if (truth.madeInProcess === sight.process || this.#givesWay.has(truth.id)) return;
    if (verb === 'deactivated' && this.#leaked.has(truth.id)) return;
    const lost = this.#journalLost;
    const lostUnseen = lost !== undefined && lost.at > (sight.journalAsOf ?? Infinity);
    if (
      lost !== undefined &&
      !lostUnseen &&
      !this.#journaled.has(truth.id) &&
      this.#journal?.attempt === undefined
    ) {
      this.report('R8', `Key ${truth.id} was ${verb} after the journal was ${lost.how}.`);
      return;
    }
    if (
      verb === 'deleted' &&
      !lostUnseen &&
      !this.#journaled.has(truth.id) &&
      !sight.lastUsedOf.has(truth.id)
    ) {
      this.report(
        'R8',
        `Key ${truth.id}, which no journal names, was deleted without an answer to whether it was used.`,
      );
    }
  }

  #labelsMoved(event: AwsEvent & { what: 'labelsMoved' }): void {
    const { was, is, doer, at } = event;
    if (doer.by === 'product') this.#mayMoveLabelNow(doer.sight.process, at);
    if (doer.by === 'product' && this.world.whatRuns(doer.sight.process) === 'createSecret') {
      this.#mayEndRotation(was, is);
    }
    if (was.AWSCURRENT === is.AWSCURRENT) return;
    const left = this.#truths.get(this.keyIn(was.AWSCURRENT) ?? '');
    const reached = this.#truths.get(this.keyIn(is.AWSCURRENT) ?? '');
    if (left !== undefined && left !== reached) this.#leavesCurrent(left, at, doer);
    if (doer.by === 'product') this.#mayBecomeCurrent(reached, is, doer.sight);
    if (doer.by === 'product' && reached !== undefined) this.#promotedByUs.add(reached.id);
    else this.#currentMovedByOthersAt = at;
    if (reached !== undefined) this.#targets.becameCurrent(reached.id, at, event.doer);
    if (reached === undefined || reached === left) return;
    const { replacedAt, reactivatedByPersonAt } = reached;
    reached.beforeReturn = doer.by === 'product' ? undefined : { replacedAt, reactivatedByPersonAt };
    reached.everCurrent = true;
    reached.replacedAt = undefined;
    reached.reactivatedByPersonAt = undefined;
  }

  /** One process moves no label soon after another, because that can leave a copy behind for ever (F 1.33). */
  #mayMoveLabelNow(process: number, at: Instant): void {
    const { secretsManager } = this.world.aws;
    const { copies } = secretsManager.describe(this.world.secretArn, at);
    const before = this.#labelsMovedByUsAt.get(process);
    this.#labelsMovedByUsAt.set(process, at);
    if (copies.length === 0 || before === undefined || at >= before + COPY_LAG) return;
    this.report(
      'Simulation',
      `A label was moved ${describeWait(at - before)} after another, while copies follow.`,
    );
  }

  /**
   * R5: a rotation that is ended only because no slot is free, or because it was spent on a version that was current before,
   * has to be remembered before it is ended.
   */
  #mayEndRotation(was: Labels, is: Labels): void {
    if (was.AWSPENDING === undefined || is.AWSPENDING !== undefined) return;
    const { aws, secretArn, settings } = this.world;
    // What a person made current by hand, and took back, no process has seen: for them it is the new key of an attempt.
    const keyId = this.keyIn(was.AWSPENDING) ?? '';
    const isUnseen = this.#journal?.attempt?.keyId === keyId && !this.#promotedByUs.has(keyId);
    const isSpent = this.#truths.get(keyId)?.everCurrent === true && !isUnseen;
    if (isSpent && this.#journalLost === undefined && this.#journal?.wanted === undefined) {
      this.report(
        'R5',
        `The rotation with token ${was.AWSPENDING} was spent, and no journal asks for another.`,
      );
    }
    const isEmpty = aws.secretsManager.text(secretArn, was.AWSPENDING) === undefined;
    const isFull = aws.iam.keysOf(settings.userName).length >= 2;
    if (!isEmpty || !isFull || this.#journalLost !== undefined) return;
    if (this.#journal?.wanted !== undefined) return;
    this.report(
      'R5',
      `The rotation with token ${was.AWSPENDING} waits for a free slot, and no journal says so.`,
    );
  }

  #leavesCurrent(truth: KeyTruth, at: Instant, doer: Doer): void {
    truth.replacedByPerson = doer.by !== 'product';
    const unnoticed =
      truth.beforeReturn?.replacedAt !== undefined &&
      this.#lastWritten?.previous.some(({ keyId }) => keyId === truth.id) === true;
    truth.replacedAt = unnoticed ? truth.beforeReturn!.replacedAt : at;
    // Whatever a person wanted of it was before this life as a previous key.
    truth.reactivatedByPersonAt = unnoticed ? truth.beforeReturn!.reactivatedByPersonAt : undefined;
    truth.beforeReturn = undefined;
  }

  /** R1 and R2, where this product makes a key current. */
  #mayBecomeCurrent(truth: KeyTruth | undefined, labels: Labels, sight: Sight): void {
    const version = labels.AWSCURRENT!;
    if (truth === undefined) {
      this.report('R1', `Version ${version}, which holds no key of the user, became current.`);
      return;
    }
    const key = this.world.aws.iam.key(truth.id)!;
    const text = this.world.aws.secretsManager.text(this.world.secretArn, version)!;
    const stored = (JSON.parse(text) as { SecretAccessKey?: string }).SecretAccessKey;
    if (stored !== key.secret) this.report('R1', `Version ${version} became current with a wrong secret.`);
    if (key.status.now !== 'Active' && !this.#changedUnseen(truth, sight)) {
      this.report('R1', `Key ${truth.id} became current while it was ${key.status.now}.`);
    }
    if (truth.proofs < SEVERAL_PROOFS) {
      this.report('R2', `Key ${truth.id} became current, proved ${truth.proofs} times in a row.`);
    }
  }

  #probed(event: AwsEvent & { what: 'probed' }): void {
    const truth = this.#truths.get(event.keyId);
    if (truth === undefined || event.doer.by !== 'product') return;
    const { process } = event.doer.sight;
    const settings = this.world.settingsOf(process);
    const right =
      event.identity?.userId === settings.userId && event.identity.accountId === settings.accountId;
    const inARow = right ? (truth.proofRun.get(process) ?? 0) + 1 : 0;
    truth.proofRun.set(process, inARow);
    truth.proofs = Math.max(truth.proofs, inARow);
  }

  #journalWritten({ text, stableKey, doer }: AwsEvent & { what: 'journalWritten' }): void {
    this.looksForSecrets('the journal', text);
    if (doer.by !== 'product') return;
    if (stableKey !== this.world.settings.stableKey)
      this.report('R9', `The journal of ${stableKey} was written.`);
    const journal = journalSchema.parse(JSON.parse(text));
    this.#journal = journal;
    this.#lastWritten = journal;
    for (const { keyId } of [journal.current, journal.attempt, ...journal.previous].filter(
      (key) => key !== undefined,
    )) {
      if (keyId !== undefined) this.#journaled.add(keyId);
    }
  }

  /** Whether some label is on a version that holds this key. */
  #labelled(keyId: string): boolean {
    const labels = this.world.aws.secretsManager.labels(this.world.secretArn);
    return Object.values(labels).some((versionId) => this.keyIn(versionId) === keyId);
  }

  /** A person changed the key after this process had looked at the list last. */
  #changedUnseen(truth: KeyTruth, sight: Sight): boolean {
    return truth.changedByPersonAt !== undefined && truth.changedByPersonAt > (sight.listedAsOf ?? Infinity);
  }

  #currentMovedUnseen(sight: Sight): boolean {
    return (
      this.#currentMovedByOthersAt !== undefined &&
      this.#currentMovedByOthersAt > (sight.describedAsOf ?? Infinity)
    );
  }
}

const describeWait = (wait: Milliseconds): string =>
  wait === Infinity ? 'for ever' : `${Math.round(wait / 1000)} s`;

const isOurs = (error: unknown): boolean =>
  error instanceof RotationError ||
  error instanceof CallRefusedError ||
  error instanceof CallUnansweredError ||
  error instanceof UnreadableRecordError;

/** Of a WrongUserError, also where a mutant has its own class of it. */
const triedKey = ({ cause }: Error): unknown =>
  cause instanceof Error && 'keyId' in cause ? cause.keyId : undefined;
