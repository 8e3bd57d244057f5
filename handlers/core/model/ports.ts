import type { AccessKey, CreatedAccessKey, LastUse } from './access-key';
import type { Instant, Milliseconds } from '../../../contract/instant';
import type { DeliveryJournal } from './delivery-journal';
import type { Journal } from './journal';
import type { SecretMaterial } from '../../../contract/secret-material';
import type { Settings } from '../../../contract/settings';
import type { LifecycleEvent } from '../../../contract/lifecycle-event';
import type { MetricName, PerUserGauge } from '../../../contract/telemetry-names';

/*
 * What the rules need from the world. Every method that calls AWS throws CallRefusedError when it is
 * certain that nothing was done, and CallUnansweredError when it is not; no other error is expected.
 * No call takes longer than LONGEST_CALL (timing.ts).
 */

/** IAM access keys of one user at a time. */
export interface AccessKeyStore {
  /** Every key of the user. May lag behind a change by some seconds. */
  list(userName: string): Promise<readonly AccessKey[]>;
  /** Sends CreateAccessKey exactly once: IAM has no idempotency token, and two answers are two keys. */
  create(userName: string): Promise<CreatedAccessKey>;
  activate(userName: string, keyId: string): Promise<void>;
  deactivate(userName: string, keyId: string): Promise<void>;
  /** A key that is gone already counts as deleted. */
  delete(userName: string, keyId: string): Promise<void>;
  /** Undefined: AWS knows of no use. */
  lastUsed(keyId: string): Promise<LastUse | undefined>;
}

export type VersionLabel = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

/** A copy of the secret in another Region, which Secrets Manager keeps. */
export interface SecretCopy {
  readonly region: string;
  /** `Unknown`: a status that Secrets Manager did not have when this was written. Only `InSync` is as good as the secret. */
  readonly status: 'InSync' | 'InProgress' | 'Failed' | 'Unknown';
  /** AWS's own words about the status, if there are any. */
  readonly message?: string | undefined;
}

/** What DescribeSecret says. */
export interface SecretDescription {
  readonly arn: string;
  /** Undefined where Secrets Manager leaves the field out: rotation was never configured. */
  readonly rotationEnabled: boolean | undefined;
  /** ARN of the function that rotates the secret. Undefined: rotation was never configured. */
  readonly rotationFunctionArn: string | undefined;
  /**
   * Not undefined: the secret is scheduled for deletion, and nobody can read it. Whether the moment is that of the call or
   * that of the deletion, AWS's documents do not agree on (F 1.24).
   */
  readonly deletedDate: Instant | undefined;
  /** For people alone: nothing is decided by it. Undefined: none is scheduled. */
  readonly nextRotationAt?: Instant | undefined;
  readonly copies: readonly SecretCopy[];
  /** The IAM user id that Terraform has tagged it with. Undefined: by a version that did not, until the next `apply`. */
  readonly userId: string | undefined;
  /** Version id by label; a label that is on no version is absent. */
  readonly labels: Readonly<Partial<Record<VersionLabel, string>>>;
}

export interface StoredValue {
  readonly versionId: string;
  readonly text: SecretMaterial;
}

export interface SecretStore {
  describe(secretArn: string): Promise<SecretDescription>;
  /**
   * The value of a version, or of the version that a label is on. Undefined: there is no such version,
   * or Secrets Manager has only announced it (a rotation's version is empty until it is put).
   */
  read(
    secretArn: string,
    version: { versionId: string } | { label: VersionLabel },
  ): Promise<StoredValue | undefined>;
  /** Same version id with the same value: no change. With another value: refused, kind `conflict`. */
  put(
    secretArn: string,
    version: {
      readonly versionId: string;
      readonly text: SecretMaterial;
      readonly label: 'AWSCURRENT' | 'AWSPENDING';
      readonly rotationToken: SecretMaterial | undefined;
    },
  ): Promise<void>;
  /**
   * Moves a label. `from` names the version it must be on now (AWS compares), or undefined if it is on none.
   * AWSPREVIOUS follows AWSCURRENT by itself.
   */
  moveLabel(
    secretArn: string,
    label: VersionLabel,
    move: { readonly from: string | undefined; readonly to: string },
  ): Promise<void>;
  /** Takes a label off the version; refused if it is not on it. AWSCURRENT cannot be removed. */
  removeLabel(secretArn: string, label: 'AWSPENDING', from: string): Promise<void>;
}

export interface AccessKeyCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: SecretMaterial;
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly userId: string;
  readonly arn: string;
}

export interface CredentialProbe {
  /** One GetCallerIdentity with these credentials. */
  callerIdentity(credentials: AccessKeyCredentials): Promise<CallerIdentity>;
}

export interface Lease {
  /** Unique for each invocation. */
  readonly holder: string;
  readonly until: Instant;
}

/** A record of each user that only the holder of its lease writes: see `JournalStore`, which says more of each call. */
export interface LeasedStore<Content> {
  /** `content` is undefined if nothing was ever written to it. */
  acquire(
    stableKey: string,
    lease: Lease,
    now: Instant,
  ): Promise<{ readonly content: Content | undefined } | undefined>;
  write(stableKey: string, lease: Lease, content: Content): Promise<void>;
  release(stableKey: string, holder: string): Promise<void>;
}

/** What `journal#<stable key>` held; `journal` is undefined if nothing was ever written to it. */
export interface JournalRecord {
  readonly journal: Journal | undefined;
  /** ARN of the secret with which the user's removal was announced. Absent: it was not. */
  readonly removalOf?: string | undefined;
}

/** The journal and its lease. Reads are consistent. An item that cannot be parsed throws UnreadableRecordError. */
export interface JournalStore {
  read(stableKey: string): Promise<JournalRecord>;
  /**
   * Takes the lease if it is free, if it ran out before `now`, or if this holder has it already and no longer
   * than `lease.until`: a call that arrives late cannot shorten it. Undefined: another holder has it.
   */
  acquire(stableKey: string, lease: Lease, now: Instant): Promise<JournalRecord | undefined>;
  /**
   * Writes the journal and renews the lease. Refused (kind `conflict`) if the holder no longer has it, or has
   * renewed it beyond `lease.until` already: a write that arrives late cannot undo a newer one.
   */
  write(stableKey: string, lease: Lease, journal: Journal): Promise<void>;
  /** Notes that the removal of the user with this secret was announced; undefined: that it is not any more. Needs no lease. */
  announceRemoval(stableKey: string, secretArn: string | undefined): Promise<void>;
  /** Gives the lease back; does nothing if the holder no longer has it. */
  release(stableKey: string, holder: string): Promise<void>;
}

/** What is known of a user's targets. */
export interface DeliveryReader {
  /** Consistent. Undefined: nothing was ever written. An item that cannot be parsed throws UnreadableRecordError. */
  read(stableKey: string): Promise<DeliveryJournal | undefined>;
}

export interface SettingsStore {
  /** Consistent. Undefined: Terraform knows no such user. An item that cannot be parsed throws UnreadableRecordError. */
  read(stableKey: string): Promise<Settings | undefined>;
}

export interface Clock {
  now(): Instant;
  sleep(duration: Milliseconds): Promise<void>;
}

/** Structured, one line an event. Fields never hold a secret; SecretMaterial prints as `***` if one slips in. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Events about keys, for the account's event bus. Nothing that the rules do depends on their delivery. */
export interface Lifecycle {
  /** Neither waits nor fails; the next `flush` sends it. An event is noted after its act is done and journaled. */
  note(event: LifecycleEvent): void;
  /** Sends the noted events. Those that the bus does not accept within some seconds are logged, and lost. */
  flush(): Promise<void>;
  /** Sends at once. @returns false if the bus has not accepted all of it within some seconds; that is logged, too. */
  send(events: readonly LifecycleEvent[]): Promise<boolean>;
}

/** Numbers for CloudWatch. Recording neither waits nor fails. */
export interface Metrics {
  /** For the whole stack, and where `FURTHER_DIMENSIONS` says so also by step or user. */
  record(
    name: MetricName,
    value: number,
    by?: { readonly step?: string | undefined; readonly user?: string | undefined },
  ): void;
  /** For one user alone. */
  recordOfUser(user: string, name: PerUserGauge, value: number): void;
}

/** Everything the rotation of one user needs. */
export interface RotationPorts {
  readonly keys: AccessKeyStore;
  readonly secrets: SecretStore;
  readonly probe: CredentialProbe;
  readonly journals: JournalStore;
  readonly deliveries: DeliveryReader;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  /** A name that no other invocation has: it holds the lease. */
  newHolder(): string;
}
