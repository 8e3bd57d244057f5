import type * as z from 'zod';

import { STABLE_KEY } from '../../../contract/stable-key';
import { map, mapOf } from './builders';
import { include } from './include';
import { defaultsSchema } from './rotation';
import { stackSchema } from './stack';

/*
 * The keys of rotation.yaml, each described once: the source of the types, the errors, the JSON schema that editors
 * complete from, and docs/configuration.md.
 *
 * Values are checked here one by one. What two values must be to each other is checked in `rules/`, because
 * zod stops at the first level, and we want all errors at once.
 */

const ADVICE = 'stacks:, and below it a stack such as production: with accountId, region and users';

export const configurationSchema = map(
  {
    defaults: defaultsSchema.optional(),
    include: include(
      'Files that each hold more `stacks`. Paths from the folder of this file; `*` stands for any part of a name.',
      'accounts/*.yaml',
    ).optional(),
    stacks: mapOf(stackSchema, {
      description: 'The Terraform stacks, by name.',
      absent: 'those of `include`; one of the two is required',
      of: 'one or more stacks',
      keys: STABLE_KEY,
      advice: ADVICE,
    }).optional(),
  },
  { description: 'The configuration of iam-key-rotation.', what: 'the file', advice: ADVICE },
);

/** As it is written. */
export type RawConfiguration = z.input<typeof configurationSchema>;
