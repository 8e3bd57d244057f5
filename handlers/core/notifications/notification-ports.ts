import type { Clock, JournalStore, Log, SettingsStore } from '../model/ports';
import type { OpenFinding } from '../model/open-finding';
import type { MessageFormat } from '../../../contract/chat-notification';
import type { FaultKind } from '../../../contract/faults';
import type { ActGroup } from './fault-report';
import type { FaultState } from './fault-state';
import type { Message } from './message';
import type { ToldActs } from './told-acts';

/** One fault at a time of a kind and a user, or of the whole stack; or of one of their keys, or one act. */
export interface FaultId {
  readonly kind: FaultKind;
  readonly user: string | undefined;
  /** Which key, or which place among the acts of an hour. */
  readonly about?: string | undefined;
}

/** What people were told of, one state for each fault. Whoever has read a state replaces it, unless it changed since. */
export interface NotificationStore {
  /** As it was stored last, with nothing older in its place. `quiet`, version 0: nothing is stored. */
  load(fault: FaultId): Promise<{ readonly state: FaultState; readonly version: number }>;
  /** False: it has another version by now, and was left as it is. */
  replace(fault: FaultId, state: FaultState, version: number): Promise<boolean>;
}

/** Which acts people are told of in this hour, one record for each group. Whoever has read one replaces it, unless it changed since. */
export interface ToldActsStore {
  /** As it was stored last, with nothing older in its place. Undefined, version 0: nothing is stored, or nothing that can be read. */
  load(group: ActGroup): Promise<{ readonly told: ToldActs | undefined; readonly version: number }>;
  /** False: it has another version by now, and was left as it is. */
  replace(group: ActGroup, told: ToldActs, version: number): Promise<boolean>;
}

/** What the retirement function found last. */
export interface FindingReader {
  /**
   * Of one user, with those whose end is about to be told. As it was stored last, with nothing older in its place.
   *
   * @throws UnreadableRecordError
   */
  read(stableKey: string): Promise<readonly OpenFinding[]>;
}

/** The retirement function's runs. */
export interface SweepHistory {
  /** Whether there was one at all, if it only began. */
  hasBegun(): Promise<boolean>;
}

/** One SNS topic. */
export interface Topic {
  readonly arn: string;
  publish(message: Message): Promise<void>;
}

export interface NotificationPorts {
  readonly notifications: NotificationStore;
  readonly acts: ToldActsStore;
  readonly topics: readonly Topic[];
  readonly settings: SettingsStore;
  readonly journals: Pick<JournalStore, 'read'>;
  readonly findings: FindingReader;
  readonly sweeps: SweepHistory;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the messages come from. */
export interface NotificationPlace {
  /** The account that the stack is in. */
  readonly accountId: string;
  /** The stack's prefix. */
  readonly stack: string;
  /** What the names of its secrets begin with, before the slash. */
  readonly secretPrefix: string;
  /** Whether secrets of other shards are named alike: only the table knows whose a secret is. */
  readonly sharded: boolean;
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
  /** @default "text" */
  readonly format?: MessageFormat;
}
