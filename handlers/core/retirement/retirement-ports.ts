import type { Instant } from '../../../contract/instant';
import type { AcknowledgementReader } from '../model/acknowledgements';
import type { Journal } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import type { OpenFinding } from '../model/open-finding';

/** Asks Secrets Manager for a rotation, outside its schedule. */
export interface RotationRequests {
  /** @returns the id of the version that gets the new key; undefined where Secrets Manager does not say it. */
  request(secretArn: string): Promise<string | undefined>;
}

/** One rotated user as the table shows it. */
export interface TableEntry {
  readonly stableKey: string;
  /** The error where an item does not parse: the user is reported, and nothing else (R8). */
  readonly settings: Settings | Error;
  /** Undefined: there is none yet. */
  readonly journal: Journal | Error | undefined;
  /** The findings that were open after the last visit; the error where the item does not parse; undefined before the first. */
  readonly findings?: readonly OpenFinding[] | Error | undefined;
}

/** Every rotated user of the stack, in one consistent read. */
export interface UserDirectory {
  list(): Promise<readonly TableEntry[]>;
}

/** Lets one sweep run at a time, and keeps where the last one had to stop. */
export interface SweepLog {
  /** Undefined: another sweep is running, until after `now`. */
  begin(
    sweep: { readonly holder: string; readonly until: Instant },
    now: Instant,
  ): Promise<SweepStart | undefined>;
  /** @param resumeAfter where the next sweep begins; undefined: at the first user. */
  end(holder: string, resumeAfter: string | undefined): Promise<void>;
}

export interface SweepStart {
  /** The stable key of the last user whom the sweep before visited. */
  readonly resumeAfter: string | undefined;
}

/** The open findings, so that each beginning and each end is reported once. No decision depends on them. */
export interface FindingStore {
  write(stableKey: string, open: readonly OpenFinding[]): Promise<void>;
}

/** One call that was made with a key, as CloudTrail records it. */
export interface KeyUse {
  readonly at: Instant;
  /** `s3.amazonaws.com GetObject` */
  readonly call: string;
  readonly principal: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
  /** AWS answered with an error. */
  readonly hasFailed: boolean;
}

/** CloudTrail's event history of this Region: management events of the last 90 days. */
export interface UsageTrail {
  /** The newest first, a page at most. */
  recentUses(keyId: string): Promise<readonly KeyUse[]>;
}

/** What AWS has attached to a user. */
export interface QuarantineReader {
  /** Names of the managed policies of the user with which AWS answers a leaked key, of whatever version. */
  policiesOf(userName: string): Promise<readonly string[]>;
}

export interface RetirementPorts extends RotationPorts {
  readonly rotations: RotationRequests;
  readonly acknowledgements: AcknowledgementReader;
  /** Absent in a stack that does not answer leaks: nobody looks. */
  readonly quarantine?: QuarantineReader | undefined;
}

export interface SweepPorts extends RetirementPorts {
  readonly directory: UserDirectory;
  readonly sweeps: SweepLog;
  readonly trail: UsageTrail;
  readonly findings: FindingStore;
}
