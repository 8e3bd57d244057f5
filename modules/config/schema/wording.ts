import * as z from 'zod';

/** How an error speaks of a key. */
export interface Wording {
  /** The rule, as a sentence without its full stop. */
  readonly rule: string;
  /** What to write instead; `found` is the text that stands in the file. */
  readonly write: (key: string, found: string | undefined) => string;
  /** A person may have put a credential here, so an error does not show what it found. */
  readonly mayHoldSecret?: boolean;
}

export const wordings = z.registry<Wording>();

export interface About {
  readonly description: string;
  readonly rule: string;
  /** An example value, as it stands in the file; or what to write, from what was found. */
  readonly write: string | Wording['write'];
  /** What holds when the key is absent: a value, or words for the documentation. */
  readonly default?: unknown;
  readonly absent?: string;
  readonly mayHoldSecret?: boolean;
}

/** zod copies a schema on `.meta()`, so the wording is attached to the copy. */
export function key<S extends z.ZodType>(schema: S, about: About): S {
  const { write, mayHoldSecret } = about;
  const described = schema.meta({
    description: about.description,
    ...(about.default === undefined ? {} : { default: about.default }),
    ...(about.absent === undefined ? {} : { absent: about.absent }),
  });
  wordings.add(described, {
    rule: about.rule,
    write: typeof write === 'string' ? (name) => `${name}: ${write}` : write,
    ...(mayHoldSecret === undefined ? {} : { mayHoldSecret }),
  });
  return described;
}
