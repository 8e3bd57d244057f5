import * as z from 'zod';

import { settingsSchema } from '../settings';
import { storedInstant } from '../stored-instant';

/** What retirement needs to know of a user beside what rotation needs. */
export const retirementSettingsSchema = settingsSchema.extend({
  maximumKeyAgeSeconds: z.number().int().positive(),
  whenStillInUse: z.enum(['hold', 'retire']),
  /** Unmanaged keys that are to be retired like previous ones. */
  takeOver: z.union([z.literal('all'), z.array(z.string().min(16))]).optional(),
  /** No rotation and no retirement until then. */
  exemption: z.object({ reason: z.string().min(1), until: storedInstant }).optional(),
});

export type RetirementSettings = z.output<typeof retirementSettingsSchema>;
