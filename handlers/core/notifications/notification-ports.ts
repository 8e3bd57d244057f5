import type { Instant } from '../../../contract/instant';
import type { Clock, JournalStore, Log, SettingsStore } from '../model/ports';
import type { FaultKind } from '../../../contract/faults';
import type { Reporter } from './fault-report';
import type { Message } from './message';

/** One fault at a time of a kind and a user, or one of their keys, or of the whole stack. */
export interface FaultId {
  readonly kind: FaultKind;
  readonly user: string | undefined;
  readonly keyIdSuffix?: string | undefined;
}

/** Who wants to tell, and nobody else meanwhile. */
export interface Claimant {
  /** The id of the event that said it: a repetition of the same event is the same claimant. */
  readonly claimedBy: string;
  readonly claimedAt: Instant;
  /** What another event claimed before this moment, and neither told nor gave back, is free. */
  readonly freeBefore: Instant;
}

export interface Claim extends Claimant {
  readonly reporter: Reporter;
  readonly at: Instant;
  readonly since: Instant | undefined;
  /** What was told before this moment may be told again. */
  readonly retellBefore: Instant;
}

export interface ToldFault {
  readonly reporter: Reporter;
  /** When it began. */
  readonly began: Instant;
  /** When it ended, where nobody was told of that yet. */
  readonly endedAt?: Instant;
}

/** What says that a fault is over. */
export interface ReportedEnd {
  readonly reporter: Reporter;
  readonly at: Instant;
}

/** What people were told of, so that they hear of each fault once and of its end once. */
export interface NotificationLog {
  /** False: this fault was told already, or another event is about to tell it. What began after an end is another fault. */
  claim(fault: FaultId, claim: Claim): Promise<boolean>;
  /** The message went out. */
  told(fault: FaultId, claimedBy: string, at: Instant): Promise<void>;
  /** True: its beginning is not told yet, and whoever tells it tells its end, too. */
  noteEnd(fault: FaultId, end: ReportedEnd): Promise<boolean>;
  /** Undefined: nobody was told of such a fault, or of its end, too. */
  read(fault: FaultId): Promise<ToldFault | undefined>;
  /** False: its end was told already, or another event is about to tell it, or it began anew after this end. */
  claimEnd(fault: FaultId, claim: Claimant & { readonly at: Instant }): Promise<boolean>;
  /** The message of its end went out. */
  forget(fault: FaultId, claimedBy: string): Promise<void>;
  /** No message went out: whoever reports the fault, or its end, next may tell it. */
  release(fault: FaultId, claimedBy: string): Promise<void>;
  /** When people were last told of a fault of this kind, whichever user's. */
  lastTold(kind: FaultKind): Promise<Instant | undefined>;
  noteTold(kind: FaultKind, at: Instant): Promise<void>;
}

/** One SNS topic. */
export interface Topic {
  readonly arn: string;
  publish(message: Message): Promise<void>;
}

export interface NotificationPorts {
  readonly notifications: NotificationLog;
  readonly topics: readonly Topic[];
  readonly settings: SettingsStore;
  readonly journals: Pick<JournalStore, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the messages come from. */
export interface NotificationPlace {
  /** The stack's prefix. */
  readonly stack: string;
  /** What the names of its secrets begin with, before the slash. */
  readonly secretPrefix: string;
  /** Whether secrets of other shards are named alike: only the table knows whose a secret is. */
  readonly sharded: boolean;
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
}
