import type { Instant } from '../../../contract/instant';

/**
 * When the last emergency of a choice of users began. That moment is all that is kept of it: what is left to do follows from the
 * dates of the users' keys.
 */
export interface EmergencyStore {
  /** Consistent. Undefined: there was none. An item that cannot be parsed throws UnreadableRecordError. */
  read(whose: string): Promise<Instant | undefined>;
  /**
   * Begins one, in the place of the one that was read; asked again, it has begun.
   *
   * @returns false if another one began meanwhile: nothing was written then.
   */
  begin(whose: string, since: Instant, before: Instant | undefined): Promise<boolean>;
}
