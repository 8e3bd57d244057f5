import * as z from 'zod';

import { STABLE_KEY } from '../../aws/aws-values';
import { include } from './include';
import { defaultsSchema } from './rotation';
import { stackSchema } from './stack';
import { key } from './wording';

/*
 * The keys of rotation.yaml, each with its description, its rule and what to write instead: the one source of
 * the types, the errors, the JSON schema that editors complete from, and the README's table.
 *
 * Values are checked here one by one. What two values must be to each other is checked in `rules/`, because
 * zod stops at the first level, and we want all errors at once.
 */

export const configurationSchema = key(
  z.strictObject({
    defaults: defaultsSchema.optional(),
    include: include(
      'Files that each hold more `stacks`. Paths from the folder of this file; `*` stands for any part of a name.',
      'accounts/*.yaml',
    ).optional(),
    stacks: key(z.record(z.string(), stackSchema).meta({ propertyNames: { pattern: STABLE_KEY.source } }), {
      description: 'The Terraform stacks, by name.',
      absent: 'those of `include`; one of the two is required',
      rule: 'stacks is a map of one or more stacks',
      write: () => 'stacks:, and below it a stack such as production: with accountId, region and users',
    }).optional(),
  }),
  {
    description: 'The configuration of iam-key-rotation.',
    rule: 'the file is a map with the key stacks and, if wanted, defaults',
    write: () => 'stacks:, and below it a stack such as production: with accountId, region and users',
  },
);

export type RawConfiguration = z.output<typeof configurationSchema>;
