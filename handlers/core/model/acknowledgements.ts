import type { Instant } from '../../../contract/instant';

/** Keys of one user with which, by somebody's word, the consumers work: when it was last said, by key id. */
export type Acknowledgements = ReadonlyMap<string, Instant>;

export const NO_ACKNOWLEDGEMENTS: Acknowledgements = new Map();

/** The words about one user's keys. No lease is needed: a word is about one key, and none is ever taken back. */
export interface AcknowledgementReader {
  /** Consistent. An item that cannot be parsed throws UnreadableRecordError. */
  read(stableKey: string): Promise<Acknowledgements>;
}

export interface AcknowledgementStore extends AcknowledgementReader {
  /** Said again, the last time counts: a key may have become current again since the first. */
  add(
    stableKey: string,
    word: { readonly keyId: string; readonly at: Instant; readonly by: string },
  ): Promise<void>;
}
