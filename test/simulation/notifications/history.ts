import {
  alarmState,
  keyPromoted,
  rotationFailed,
  secretsManagerEvent,
} from '../../handlers/core/notifications/support/events';
import { MINUTE, type Instant, type Milliseconds } from '../../../contract/instant';
import type { FAULTS_OF_AWS } from '../engine/faults';

/** One report of one fault: a rotation of one user that fails. No two happen in the same moment. */
export interface Happening {
  readonly reporter: 'product' | 'alarm' | 'secretsManager';
  readonly phase: 'began' | 'ended';
  /** Minutes after the world's beginning. */
  readonly minute: number;
}

/**
 * `repeated`: the answer is lost, and the SDK makes the call once more. Its second answer is what counts. These stores are
 * in memory, without the adapters that would hear an answer that is not of AWS.
 */
export type NotificationFault = (typeof FAULTS_OF_AWS)[number] | 'repeated';

export type Move =
  /** Delivers an event, perhaps once more. */
  | { readonly move: 'deliver'; readonly event: number }
  /** Lets one of the deliveries that are under way make some calls; then a fault may happen to the next one. */
  | { readonly move: 'run'; readonly who: number; readonly calls: number; readonly then?: NotificationFault }
  | { readonly move: 'wait'; readonly for: Milliseconds };

/** After its moves every delivery comes to its end, and what was never delivered is. */
export interface History {
  readonly events: readonly Happening[];
  readonly moves: readonly Move[];
  readonly seed: number;
}

/** Long before that everything has happened, so that any order of delivery is possible. */
export const DELIVERED_FROM = Date.UTC(2026, 0, 5, 4);
const HAPPENED_FROM = DELIVERED_FROM - 600 * MINUTE;

export const momentOf = ({ minute }: Pick<Happening, 'minute'>): Instant => HAPPENED_FROM + minute * MINUTE;

/** As EventBridge delivers it. */
export function eventOf(happening: Happening, id: string): object {
  const at = new Date(momentOf(happening)).toISOString();
  const began = happening.phase === 'began';
  switch (happening.reporter) {
    case 'product':
      return { ...(began ? rotationFailed({ at }) : keyPromoted({ at })), id };
    case 'alarm':
      return {
        ...alarmState('iam-key-rotation/ci-deployer/rotation-failed', began ? 'ALARM' : 'OK', {
          timestamp: at,
        }),
        id,
      };
    case 'secretsManager': {
      const event = secretsManagerEvent(began ? 'RotationFailed' : 'RotationSucceeded');
      return { ...event, id, detail: { ...event.detail, eventTime: at } };
    }
  }
}
