import type { Instant, Milliseconds } from '../../contract/instant';
import type { AccessKey, LastUse } from '../../handlers/core/model/access-key';
import type { KeyUse } from '../../handlers/core/retirement/retirement-ports';

/** What is known of a user, whichever of its keys is judged. */
export interface UserFacts {
  readonly userName: string;
  readonly path: string;
  readonly hasPassword: boolean;
  readonly hasMfa: boolean;
  /** Undefined: they were not asked for, because what else is known decides. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Undefined: no stack that is known rotates it. */
  readonly rotation?: Rotation | undefined;
}

/** The stack that rotates a user already. */
export interface Rotation {
  readonly stableKey: string;
  /** The prefix of the stack, or its name where only its tag on the user says so. */
  readonly stack: string;
  /** The keys that its functions made, by id. Undefined: they are in another stack's table, or cannot be read. */
  readonly itsKeys?: ReadonlySet<string> | undefined;
  /** Whether the secret holds a key already. */
  readonly hasCurrentKey: boolean;
}

/** Everything that a verdict is made of. */
export interface KeyFacts {
  readonly user: UserFacts;
  readonly key: AccessKey;
  /** Undefined: IAM knows of no use. */
  readonly lastUse: LastUse | undefined;
  /** Calls in CloudTrail's event history of one region; undefined: it was not read. */
  readonly calls?: readonly KeyUse[] | undefined;
}

export interface Rules {
  readonly now: Instant;
  /** A key that was not used for so long is not used any more. */
  readonly unusedFor: Milliseconds;
}
