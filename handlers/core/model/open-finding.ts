import * as z from 'zod/mini';

import { FINDING_KINDS } from '../../../contract/faults';
import { storedInstant } from '../../../contract/stored-instant';
import { someText } from '../../../contract/schema-parts';

const openFinding = z.object({
  kind: z.enum(FINDING_KINDS),
  /** Absent where it is not about one key. */
  keyId: z.optional(someText),
  what: someText,
  /** When it was seen first. */
  since: storedInstant,
  /** Whether people were told of it. */
  told: z.boolean(),
  /** When it was seen no more. It is not open then; it is kept until its end was told. */
  over: z.optional(storedInstant),
});

/** What a person has to look at, as long as it lasts. */
export type OpenFinding = Readonly<z.output<typeof openFinding>>;

/** The item `findings#<stable key>`. */
export const findingsSchema = z.array(openFinding);

export const isOpen = ({ over }: OpenFinding): boolean => over === undefined;
