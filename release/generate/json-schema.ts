import * as z from 'zod';

import { configurationSchema } from '../../modules/config/schema/configuration';
import { usersPartSchema } from '../../modules/config/schema/users';

/** The JSON schema that editors complete from, made from the schema that the configuration is checked with. */
export const configurationJsonSchema = (): object => ({
  ...jsonSchema(configurationSchema),
  // A place for anchors.
  patternProperties: { '^x-': {} },
});

/** The one for files with users that a stack includes. */
export const usersPartJsonSchema = (): object => jsonSchema(usersPartSchema);

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    // What the YAML language server knows best.
    target: 'draft-7',
    io: 'input',
  });
}
