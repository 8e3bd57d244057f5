import type { Milliseconds } from '../../contract/instant';
import type { Settings } from '../../contract/settings';
import type { RotationStep } from '../../contract/function-events';
import type { Weather } from '../support/in-memory-aws/weather';
import type { PersonAct } from './actors/person';
import type { RotationOptions } from './actors/secrets-manager';
import type { LeakOf } from './actors/responder';
import type { Fault } from './engine/faults';

/** Who may start. */
export type ActorSpec =
  | ({ readonly actor: 'rotation' } & RotationOptions)
  | { readonly actor: 'firstKey' }
  | { readonly actor: 'sweep' }
  | { readonly actor: 'delivery' }
  | { readonly actor: 'testOnly' }
  | { readonly actor: 'rollBack' }
  /** AWS reports a leak, and the responder has it answered. */
  | { readonly actor: 'leak'; readonly of: LeakOf }
  | { readonly actor: 'emergency'; readonly key: number; readonly giveWay: boolean }
  | {
      readonly actor: 'duplicate';
      readonly step: RotationStep;
      readonly of: 'AWSPENDING' | 'AWSCURRENT' | 'AWSPREVIOUS';
    };

/** One decision about what happens next in the world. What cannot be done when its turn comes is skipped. */
export type Move =
  | ({ readonly move: 'start' } & ActorSpec)
  /** Lets one of the acting processes make some calls; then a fault may happen to the next one. */
  | {
      readonly move: 'run';
      readonly who: number;
      readonly calls: number;
      /** Stops sooner: before a call whose text begins so, such as `CreateAccessKey`. */
      readonly before?: string;
      readonly then?: Fault;
    }
  | { readonly move: 'wait'; readonly for: Milliseconds }
  /** Waits for a moment, counted from the beginning of the world; one that is over is not waited for. */
  | { readonly move: 'until'; readonly at: Milliseconds }
  | { readonly move: 'person'; readonly does: PersonAct };

export const BEGINNINGS = [
  /** An empty secret and a user without keys, as Terraform makes them. */
  'new user',
  /** The first key is made. */
  'first key',
  /** The first key is made and was rotated once: both slots are taken. */
  'rotated once',
  /** The user has a key that a person made, and an empty secret. */
  'a key of another person',
] as const;

export interface History {
  readonly begins: (typeof BEGINNINGS)[number];
  readonly overlap: Milliseconds;
  readonly gracePeriod: Milliseconds;
  readonly whenStillInUse: 'hold' | 'retire';
  /** The configuration says that keys which people made are to be retired like previous ones. */
  readonly takeOver: boolean;
  /** IAM's user is not the one that the settings name: it was deleted and made again under the same name. */
  readonly impostor: boolean;
  /**
   * The secret has a copy in another region.
   * @default false
   */
  readonly copies?: boolean;
  /**
   * The user has another secret and a parameter as delivery targets, which somebody has filled by hand once.
   * @default false
   */
  readonly delivers?: boolean;
  /**
   * A service of ECS is a delivery target, too, whose tasks read the parameter, or the user's own secret. Somebody has deployed it by hand once.
   * @default false
   */
  readonly restarts?: boolean;
  /**
   * Secrets of GitHub and an address are delivery targets, too.
   * @default false
   */
  readonly outside?: boolean;
  /**
   * A previous key is retired only when the consumers are known to work with the current one.
   * @default it waits for nothing
   */
  readonly acknowledgedBy?: NonNullable<Settings['acknowledgement']>['by'] | undefined;
  readonly weather: Weather;
  readonly moves: readonly Move[];
  /** What becomes of those who still act when the moves are over. */
  readonly ends: 'everyone finishes' | 'everyone dies';
}
