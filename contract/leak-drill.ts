import * as z from 'zod/mini';

import { someText } from './schema-parts';

/*
 * A drill: a leak that is played for one user of a stack, whom the configuration names for it. Nobody but AWS can put an event whose
 * source begins with `aws.` (F 14.4), so a drill has a source of its own, which starts nothing but what a drill may.
 */

export const DRILL_SOURCE = 'iam-key-rotation.drill';
export const DRILL_DETAIL_TYPE = 'Leak Drill';

/** Where an event of AWS has the code of the report. */
export const DRILL_CODE = 'DRILL';

/**
 * `detail` of the event. It says nothing of a user: whose the key is the journals say, and whether that user is the one for drills
 * says the environment of the responder.
 */
export const leakDrillSchema = z.object({
  /** The stack's prefix. */
  stack: someText,
  /** The key that is to be treated as leaked. */
  keyId: z.string().check(z.regex(/^A[A-Z0-9]{15,127}$/)),
  /** When the drill began. */
  at: z.iso.datetime({ offset: true }),
});

export type LeakDrill = z.output<typeof leakDrillSchema>;
