import * as z from 'zod';

import {
  journalSchema,
  type Attempt,
  type Journal,
  type PreviousKey,
  type StoredJournal,
} from '../../../handlers/core/model/journal';
import { underLease } from '../../../handlers/core/key-moves/lease';
import type { KeyWork } from '../../../handlers/core/key-moves/key-work';
import type { RotationPorts, SecretDescription } from '../../../handlers/core/model/ports';
import type { RotationEvent } from '../../../contract/function-events';
import type { SecretMaterial } from '../../../contract/secret-material';
import type { Settings } from '../../../contract/settings';
import { createSecret } from '../../../handlers/core/rotation/create-secret';
import { finishSecret } from '../../../handlers/core/rotation/finish-secret';
import { firstKey } from '../../../handlers/core/rotation/first-key';
import { testSecret } from '../../../handlers/core/rotation/test-secret';
import type { AwsEvent, Doer } from '../../support/in-memory-aws/events';
import { OpenGate } from '../../support/in-memory-aws/gate';
import { InMemoryAws } from '../../support/in-memory-aws/in-memory-aws';
import { inMemoryPorts } from '../../support/in-memory-aws/in-memory-ports';
import { CALM } from '../../support/in-memory-aws/weather';
import { RecordingListener } from '../../support/recording-listener';
import { NOON, settingsOf } from './fixtures';

export const PERSON: Doer = { by: 'person' };

/** The id of a version that a person stored. */
export const BY_HAND = 'by-hand'.padEnd(32, '-');

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

const STEPS = { createSecret, testSecret, finishSecret };

/** One rotated user in an AWS without lag or faults, and the product's steps to take there. */
export class UserWorld {
  #invocations = 0;
  readonly gate = new OpenGate(NOON);
  readonly events: AwsEvent[] = [];
  readonly log: LogLine[] = [];
  /** Records the events and metrics of the product. */
  readonly listener = new RecordingListener();
  readonly settings: Settings;
  readonly aws = new InMemoryAws((event) => this.events.push(event));
  /** What the steps use. Tests replace methods of it, to have AWS answer otherwise. */
  ports: RotationPorts;
  /** Always answers as AWS should. */
  readonly sound: RotationPorts;

  constructor(change: Partial<Settings> = {}) {
    this.settings = settingsOf(change);
    const { userName, userId, accountId, secretArn, stableKey } = this.settings;
    this.aws.iam.addUser({ userName, userId, accountId });
    this.aws.secretsManager.create(secretArn, NOON);
    this.aws.secretsManager.enableRotation(secretArn);
    this.aws.table.setSettings(stableKey, {
      ...this.settings,
      maximumKeyAgeSeconds: 90 * 86_400,
      whenStillInUse: 'hold',
    });
    this.ports = this.soundPorts();
    this.sound = this.soundPorts();
  }

  private soundPorts(): RotationPorts {
    // No two invocations share the name that holds the lease.
    const invocation = {
      number: (this.#invocations += 1),
      weather: CALM,
      skew: 0,
      requestRotation: () => {
        throw new Error('no step requests a rotation');
      },
      log: (level: LogLine['level'], message: string, fields: unknown) => {
        this.log.push({ level, message, fields });
      },
      listener: this.listener,
    };
    return inMemoryPorts(this.aws, this.gate, invocation);
  }

  /** AWS answers as it should again. */
  restoreAws(): void {
    this.ports = this.soundPorts();
  }

  /** A user whose first key was made by `apply`. */
  static async withFirstKey(change: Partial<Settings> = {}): Promise<UserWorld> {
    const world = new UserWorld(change);
    await world.firstKey();
    return world;
  }

  get journal(): Journal {
    const text = this.aws.table.journalText(this.settings.stableKey);
    if (text === undefined) throw new Error('there is no journal');
    return z.decode(journalSchema, JSON.parse(text) as StoredJournal);
  }

  /** Only a test does this. */
  setJournal(journal: Journal): void {
    this.aws.table.setJournalText(this.settings.stableKey, JSON.stringify(z.encode(journalSchema, journal)));
  }

  amendJournal(change: Partial<Journal>): void {
    this.setJournal({ ...this.journal, ...change });
  }

  amendAttempt(change: Partial<Attempt>): void {
    this.amendJournal({ attempt: { ...this.journal.attempt!, ...change } });
  }

  /** The newest of the previous keys is left as the only one. */
  amendPrevious(change: Partial<PreviousKey>): void {
    this.amendJournal({ previous: [{ ...this.journal.previous[0]!, ...change }] });
  }

  /** All that the product could change, to compare it with what it was. */
  get state() {
    const { keys, labels, journal } = this;
    return { keys, labels, journal };
  }

  get labels(): Readonly<Record<string, string | undefined>> {
    return this.aws.secretsManager.labels(this.settings.secretArn);
  }

  /** The copies of the secret, as they are now. */
  get copies(): SecretDescription['copies'] {
    return this.aws.secretsManager.describe(this.settings.secretArn, this.gate.now()).copies;
  }

  /** Status by id of the keys that IAM has. */
  get keys(): Readonly<Record<string, string>> {
    const keys = this.aws.iam.keysOf(this.settings.userName);
    return Object.fromEntries(keys.map(({ id, status }) => [id, status.now]));
  }

  get keyIds(): readonly string[] {
    return Object.keys(this.keys);
  }

  /** The key id in the stored value of a version. */
  keyUnder(versionId: string | undefined): string | undefined {
    const text =
      versionId === undefined ? undefined : this.aws.secretsManager.text(this.settings.secretArn, versionId);
    return text === undefined ? undefined : (JSON.parse(text) as { AccessKeyId: string }).AccessKeyId;
  }

  get servedKeyId(): string | undefined {
    return this.keyUnder(this.labels['AWSCURRENT']);
  }

  firstKey(userId = this.settings.userId): Promise<{ accessKeyId: string }> {
    return firstKey(this.ports, () => Promise.resolve(this.settings), {
      Step: 'firstKey',
      SecretId: this.settings.secretArn,
      UserId: userId,
    });
  }

  /** Secrets Manager announces an empty version before it calls anybody. */
  announce(token: string): string {
    this.aws.secretsManager.startRotation(this.settings.secretArn, token, this.gate.now());
    return token;
  }

  step(Step: keyof typeof STEPS, token: string, rotationToken?: SecretMaterial): Promise<void> {
    const event: RotationEvent = {
      Step,
      SecretId: this.settings.secretArn,
      ClientRequestToken: token,
      RotationToken: rotationToken,
    };
    return STEPS[Step](this.ports, this.settings, event);
  }

  /** Announces the rotation and takes its steps, up to the last one named. */
  async rotate(token: string, upTo: 'announce' | keyof typeof STEPS = 'finishSecret'): Promise<string> {
    this.announce(token);
    if (upTo === 'announce') return token;
    for (const step of Object.keys(STEPS) as (keyof typeof STEPS)[]) {
      await this.step(step, token);
      if (step === upTo) break;
    }
    return token;
  }

  /** Runs a part of the rules as a step does: holding the user's lease. */
  underLease<Result>(task: (work: KeyWork) => Promise<Result>): Promise<Result> {
    return underLease(this.ports, this.settings.stableKey, (leasedJournal) =>
      task({ ports: this.ports, settings: this.settings, leasedJournal }),
    );
  }

  /** A person makes a key for the user, by hand. */
  keyByHand(): string {
    return this.aws.iam.create(this.settings.userName, this.gate.now(), PERSON).id;
  }

  setStatusByHand(keyId: string, status: 'Active' | 'Inactive'): void {
    this.aws.iam.setStatus(this.settings.userName, keyId, status, this.gate.now(), PERSON);
  }

  deleteByHand(keyId: string): void {
    this.aws.iam.delete(this.settings.userName, keyId, this.gate.now(), PERSON);
  }

  moveByHand(label: 'AWSCURRENT' | 'AWSPENDING', from: string | undefined, to: string): void {
    this.aws.secretsManager.moveLabel(this.settings.secretArn, label, { from, to }, this.gate.now(), PERSON);
  }

  removePendingByHand(from: string): void {
    this.aws.secretsManager.removeLabel(this.settings.secretArn, 'AWSPENDING', from, this.gate.now(), PERSON);
  }

  putByHand(versionId: string, text: string, label: 'AWSCURRENT' | 'AWSPENDING' = 'AWSCURRENT'): void {
    this.aws.secretsManager.put(this.settings.secretArn, { versionId, text, label }, this.gate.now(), PERSON);
  }

  /** What happened to keys, from now on. */
  watchKeys(): () => string[] {
    const from = this.events.length;
    return () =>
      this.events.slice(from).flatMap((event) => {
        if (event.what === 'keyCreated') return [`created ${event.keyId}`];
        return event.what === 'keyChanged' ? [`${event.keyId} ${event.is}`] : [];
      });
  }
}

/** A rotation's token, of the form that Terraform sends. */
export const tokenOf = (number: number): string => `rotation-${String(number).padStart(32, '0')}`;
