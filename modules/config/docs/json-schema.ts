import * as z from 'zod';

import { configurationSchema } from '../schema/configuration';

/** The JSON schema that editors complete from, made from the schema that the configuration is checked with. */
export function configurationJsonSchema(): object {
  return z.toJSONSchema(configurationSchema, {
    // What the YAML language server knows best.
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // Words for the README's table.
      delete jsonSchema['absent'];
    },
  });
}
