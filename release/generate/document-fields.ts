import * as z from 'zod';

export interface DocumentField {
  /** `users[].keys[].age`; what is a name of the reader's own stands in angle brackets. */
  readonly path: string;
  readonly type: string;
  readonly meaning: string;
}

type Schema = z.core.JSONSchema.BaseSchema;

/** Every field of a document that `--json` prints, in its order. */
export const documentFields = (document: z.ZodType): readonly DocumentField[] =>
  withoutRepeats(fieldsIn(z.toJSONSchema(document), ''));

function fieldsIn(schema: Schema, path: string): readonly DocumentField[] {
  const { properties = {}, required = [], items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const inside = [...anyOf, ...oneOf].flatMap((one) => fieldsIn(schemaOf(one), path));
  const entries = isSchema(additionalProperties) ? fieldsIn(additionalProperties, `${path}.<name>`) : [];
  const elements = isSchema(items) ? fieldsIn(items, `${path}[]`) : [];
  const own = Object.entries(properties).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const field = schemaOf(value);
    const absent = required.includes(name) ? '' : ', may be absent';
    return [
      { path: at, type: `${typeOf(field)}${absent}`, meaning: field.description ?? '' },
      ...fieldsIn(field, at),
    ];
  });
  return [...own, ...inside, ...entries, ...elements];
}

/** Where a value has several forms, they may share fields. */
const withoutRepeats = (fields: readonly DocumentField[]): readonly DocumentField[] =>
  fields.filter((field, at) => fields.findIndex(({ path }) => path === field.path) === at);

function typeOf(schema: Schema): string {
  const { type, format, enum: values, const: value, anyOf, oneOf, items } = schema;
  const forms = anyOf ?? oneOf;
  if (forms !== undefined) return [...new Set(forms.map((one) => typeOf(schemaOf(one))))].join(' or ');
  if (value !== undefined) return `\`${JSON.stringify(value)}\``;
  if (values !== undefined) return values.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
  if (format === 'date-time') return 'moment';
  if (type === 'array') return `list of ${isSchema(items) ? typeOf(items) : 'values'}`;
  if (type === undefined) return 'any';
  return Array.isArray(type) ? type.join(' or ') : type;
}

const isSchema = (schema: unknown): schema is Schema =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);
const schemaOf = (schema: unknown): Schema => (isSchema(schema) ? schema : {});
