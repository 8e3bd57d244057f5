import * as z from 'zod';
import type { $ZodLiteral, $ZodType, $ZodUnion } from 'zod/v4/core';
import {
  $ZodArray,
  $ZodBoolean,
  $ZodCheckRegex,
  $ZodEnum,
  $ZodNumber,
  $ZodObject,
  $ZodRecord,
  $ZodString,
  $ZodUnknown,
} from 'zod/v4/core';

import { deliveryTargetSchema } from '../../contract/delivery';
import { deliver } from '../../modules/config/schema/deliver';
import { descriptionOf, keyOf } from '../../modules/config/schema/description';
import { re2Of } from './re2';

/*
 * Delivery targets as the Terraform modules take, check and store them, made from the schema of rotation.yaml and from that of
 * the settings: a kind of target that is added there is here, too. What a rule of rotation.yaml compares with something else
 * (modules/config/rules/targets.ts and what it calls) is written by hand in release/terraform.
 *
 * HCL has no type for a map or a text: a key of `rotation.yaml` that is either, such as `body`, is two of HCL's, `json_body` with a
 * JSON text and `text_body`. That one of them is there is written by hand, too.
 */

type Schema = $ZodType;

/** Lines that are inside the braces of `list(object({ … }))`, for each kind of target. */
export const targetTypes = (targets: Schema = deliver): readonly string[] =>
  aligned(Object.entries(kindsOf(targets)).map(([kind, schema]) => [snake(kind), typeOfKey(schema)]));

function typeOfKey(wrapped: Schema): string {
  const { schema, isRequired, byDefault } = keyOf(wrapped);
  if (isRequired) return typeOf(schema);
  return `optional(${typeOf(schema)}${byDefault === undefined ? '' : `, ${JSON.stringify(byDefault)}`})`;
}

function typeOf(schema: Schema): string {
  if (schema instanceof z.ZodObject) {
    const keys = Object.entries(schema.shape as Shape).flatMap(([key, one]) =>
      isMapOrText(one)
        ? FORMATS.map((format) => `${format}_${snake(key)} = optional(string)`)
        : [`${snake(key)} = ${typeOfKey(one)}`],
    );
    return `object({ ${keys.join(', ')} })`;
  }
  if (schema instanceof z.ZodRecord) return `map(${typeOf(schema.valueType)})`;
  if (schema instanceof z.ZodArray) return `list(${typeOf(schema.element)})`;
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return 'string';
  if (schema instanceof z.ZodBoolean) return 'bool';
  if (schema instanceof z.ZodNumber) return 'number';
  throw unknownTo('typeOf', schema);
}

/** The blocks of `validation` of `var.deliver`. */
export function targetRules(targets: Schema = deliver): readonly string[] {
  const kinds = kindsOf(targets);
  const { maxItems = 0 } = z.toJSONSchema(targets as z.ZodType) as { readonly maxItems?: number };
  const places = Object.keys(kinds).map((kind) => `target.${snake(kind)}`);
  return [
    ...blockOf([`length(var.deliver) <= ${maxItems}`], descriptionOf(targets).rule('deliver')),
    ...blockOf(
      ofEach([`length([for place in [${places.join(', ')}] : true if place != null]) == 1`]),
      `${capital(inHcl(descriptionOf(elementOf(targets)).rule(''), Object.keys(kinds)))}. Write: ${EXAMPLE}`,
    ),
    ...Object.entries(kinds).flatMap(([kind, schema]) => rulesOf(schema, `target.${snake(kind)}`)),
  ];
}

/** The kinds have HCL's own names. */
const inHcl = (rule: string, kinds: readonly string[]): string =>
  kinds.reduce((said, kind) => said.replaceAll(kind, snake(kind)), rule);

const EXAMPLE = 'deliver = [{ parameter = { name = "/payments/aws-key" } }]';

function blockOf(condition: readonly string[], message: string): readonly string[] {
  const name = condition.length === 1 ? 'condition    ' : 'condition';
  const lines = condition.map((line, index) => (index === 0 ? `${name} = ${line}` : line));
  return ['', 'validation {', ...lines.map(indented), `  error_message = ${quoted(`${message}.`)}`, '}'];
}

/** Conditions that hold of every target, or of those of which another one holds. */
const ofEach = (conditions: readonly string[], where?: string): readonly string[] => [
  'alltrue([',
  '  for target in var.deliver :',
  ...conditions.map((one, index) => `  ${one}${index + 1 < conditions.length ? ' &&' : ''}`),
  ...(where === undefined ? [] : [`  if ${where}`]),
  '])',
];

/** @param at the address of the value, as in `target.secret.id` */
function rulesOf(wrapped: Schema, at: string): readonly string[] {
  const { schema } = keyOf(wrapped);
  if (isMapOrText(schema)) return [];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Shape).flatMap(([key, one]) => rulesOf(one, `${at}.${snake(key)}`));
  }
  const key = at.split('.').at(-1) ?? '';
  const isThere = `try(${at}, null) != null`;
  const { rule, write, arn } = descriptionOf(schema);
  const conditions = conditionsOf(schema, at);
  const stated = rule(key).startsWith(key) ? rule(key) : capital(rule(key));
  const own =
    conditions.length === 0
      ? []
      : blockOf(ofEach(conditions, isThere), `${stated}. Write: ${exampleOf(schema, key, write)}`);
  if (arn?.sameRegion !== 'stack') return own;
  const inRegion = `try(split(":", ${at})[3], "") == data.aws_region.current.id`;
  return [
    ...own,
    ...blockOf(ofEach([inRegion], isThere), `${capital(arn.what)} is in the provider's region`),
  ];
}

function exampleOf(
  schema: Schema,
  key: string,
  write: (found: undefined, byDefault: undefined) => string,
): string {
  const example = write(undefined, undefined);
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return `${key} = "${example}"`;
  // As YAML has them: `{ A: a, B: 'b c' }`, `[a, b]`.
  if (schema instanceof z.ZodRecord) {
    return `${key} = ${example.replaceAll(/: (?:'([^']*)'|([\w/.-]+))/g, ' = "$1$2"')}`;
  }
  if (schema instanceof z.ZodArray) return `${key} = ${example.replaceAll(/[\w/.-]+/g, '"$&"')}`;
  return `${key} = ${example}`;
}

/** @returns none: the type says all */
function conditionsOf(schema: Schema, value: string): readonly string[] {
  if (schema instanceof z.ZodString) {
    return (schema.def.checks ?? []).flatMap((check) =>
      check instanceof $ZodCheckRegex ? matching(check._zod.def.pattern, value) : [],
    );
  }
  if (schema instanceof z.ZodEnum) {
    return [`contains([${schema.options.map((word) => quoted(String(word))).join(', ')}], ${value})`];
  }
  if (schema instanceof z.ZodBoolean) return [];
  if (schema instanceof z.ZodRecord) {
    const { propertyNames } = (schema.meta() ?? {}) as {
      readonly propertyNames?: { readonly pattern: string };
    };
    return [
      ...(propertyNames === undefined
        ? []
        : everyOne('name', `keys(${value})`, matching(new RegExp(propertyNames.pattern), 'name'))),
      ...everyOne('one', `values(${value})`, conditionsOf(schema.valueType, 'one')),
    ];
  }
  if (schema instanceof z.ZodArray) {
    const { minItems = 0, maxItems } = z.toJSONSchema(schema) as { minItems?: number; maxItems?: number };
    return [
      ...(minItems > 0 ? [`length(${value}) >= ${minItems}`] : []),
      ...(maxItems === undefined ? [] : [`length(${value}) <= ${maxItems}`]),
      ...everyOne('one', value, conditionsOf(keyOf(schema.element).schema, 'one')),
    ];
  }
  if (schema instanceof z.ZodNumber) {
    const { minimum, maximum } = z.toJSONSchema(schema);
    return [
      `floor(${value}) == ${value}`,
      ...(minimum === undefined ? [] : [`${value} >= ${minimum}`]),
      ...(maximum === undefined ? [] : [`${value} <= ${maximum}`]),
    ];
  }
  throw unknownTo('conditionsOf', schema);
}

const everyOne = (name: string, values: string, conditions: readonly string[]): readonly string[] =>
  conditions.length === 0 ? [] : [`alltrue([for ${name} in ${values} : ${conditions.join(' && ')}])`];

function matching(pattern: RegExp, value: string): readonly string[] {
  const { matches, doesNotMatch, length } = re2Of(pattern);
  return [
    ...matches.map((one) => `can(regex(${quoted(one)}, ${value}))`),
    ...doesNotMatch.map((one) => `!can(regex(${quoted(one)}, ${value}))`),
    ...(length === undefined
      ? []
      : [`length(${value}) >= ${length.from}`, `length(${value}) <= ${length.to}`]),
  ];
}

/** The local with the targets as the settings item has them: in DynamoDB's own JSON, with the names of the contract. */
export function storedTargets(
  stored: $ZodUnion = deliveryTargetSchema,
  targets: Schema = deliver,
): readonly string[] {
  const kinds = kindsOf(targets);
  return [
    'stored_targets = flatten([',
    '  for target in var.deliver : [',
    ...stored._zod.def.options.flatMap((option) => {
      const { kind: literal, ...shape } = (option as $ZodObject)._zod.def.shape as Shape & {
        kind: $ZodLiteral<string>;
      };
      const [kind = ''] = literal._zod.def.values;
      const written = keyOf(kinds[kind] ?? neverWritten(kind)).schema as z.ZodObject;
      const keys = written.shape as Shape;
      const missing = Object.keys(shape).filter((key) => !(key in keys));
      if (missing.length > 0) neverWritten(`${kind}.${missing.join(', ')}`);
      return [
        `    [for place in target.${snake(kind)}[*] : { M = { for name, value in {`,
        ...aligned([
          ['kind', `{ S = "${kind}" }`],
          ...Object.entries(shape).map(([key, one]): [string, string] => [
            key,
            isMapOrText(keys[key] ?? one)
              ? storedMapOrText(snake(key))
              : attribute(one, `place.${snake(key)}`),
          ]),
        ]).map((line) => `      ${line}`),
        '    } : name => value if value != null } }],',
      ];
    }),
    '  ]',
    '])',
  ];
}

/** As `bodyOf` of modules/config/schema/deliver/https-body.ts has it. */
const storedMapOrText = (key: string): string =>
  `{ M = { format = { S = place.json_${key} == null ? "text" : "json" }, template = { S = place.json_${key} == null ? place.text_${key} : jsonencode(jsondecode(place.json_${key})) } } }`;

/** @param value a name that is used in it is not used in what is around it */
function attribute(wrapped: Schema, value: string, depth = 1): string {
  const { schema, isRequired } = keyOf(wrapped);
  const one = `one${depth === 1 ? '' : String(depth)}`;
  const next = (part: Schema, at: string): string => attribute(part, at, depth + 1);
  const made = (): string => {
    if (schema instanceof $ZodString || schema instanceof $ZodEnum) return `{ S = ${value} }`;
    if (schema instanceof $ZodNumber) return `{ N = tostring(${value}) }`;
    if (schema instanceof $ZodBoolean) return `{ BOOL = ${value} }`;
    if (schema instanceof $ZodArray) {
      return `{ L = [for ${one} in ${value} : ${next(schema._zod.def.element, one)}] }`;
    }
    if (schema instanceof $ZodRecord) {
      return `{ M = { for ${one}, value_of_${one} in ${value} : ${one} => ${next(schema._zod.def.valueType, `value_of_${one}`)} } }`;
    }
    if (schema instanceof $ZodObject) {
      const parts = Object.entries(schema._zod.def.shape as Shape).map(
        ([key, part]) => `${key} = ${next(part, `${value}.${snake(key)}`)}`,
      );
      return `{ M = { for ${one}, value_of_${one} in { ${parts.join(', ')} } : ${one} => value_of_${one} if value_of_${one} != null } }`;
    }
    throw unknownTo('attribute', schema);
  };
  return isRequired ? made() : `try(${value}, null) == null ? null : ${made()}`;
}

type Shape = Readonly<Record<string, Schema>>;

const FORMATS = ['json', 'text'] as const;
const isMapOrText = (wrapped: Schema): boolean => keyOf(wrapped).schema instanceof $ZodUnknown;

const elementOf = (targets: Schema): Schema => (keyOf(targets).schema as z.ZodArray).element;
const kindsOf = (targets: Schema): Shape => (elementOf(targets) as z.ZodObject).shape;

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`);
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const indented = (line: string): string => (line === '' ? '' : `  ${line}`);

/** A text of HCL. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll(/["\\]/g, (sign) => `\\${sign}`)
    .replaceAll('${', '$${')
    .replaceAll('%{', '%%{')}"`;

/** As `terraform fmt` has it. */
function aligned(entries: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const longest = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(longest)} = ${value}`);
}

function neverWritten(what: string): never {
  throw new Error(
    `The settings have ${what} of a target, and modules/config/schema/deliver.ts does not. This is a bug.`,
  );
}

const unknownTo = (name: string, schema: Schema): Error =>
  new Error(
    `A target has ${schema._zod.def.type}, which ${name} of release/generate/terraform-targets.ts does not know.`,
  );

/** Puts lines between `# name:start` and `# name:end`, as far to the right as the first. @throws Error where these are missing */
export function betweenComments(text: string, name: string, lines: readonly string[]): string {
  const found = new RegExp(`^( *)# ${name}:start.*\\n([^]*?)^ *# ${name}:end$`, 'm').exec(text);
  if (found === null)
    throw new Error(`The file needs the lines # ${name}:start and # ${name}:end, in this order.`);
  const [whole, indentation = '', old = ''] = found;
  const made = lines.map((line) => `${line === '' ? '' : `${indentation}${line}`}\n`).join('');
  const from = found.index + whole.indexOf('\n') + 1;
  return `${text.slice(0, from)}${made}${text.slice(from + old.length)}`;
}

/** What is made in each file of release/terraform, by the name of the lines that it stands between. */
export const MADE_OF_TARGETS: Readonly<Record<string, Readonly<Record<string, () => readonly string[]>>>> = {
  'rotated-user/deliver.tf': { targets: targetTypes, rules: targetRules, stored: storedTargets },
  'key-delivery/variables.tf': { targets: targetTypes },
};

export const withTargets = (file: string, text: string): string =>
  Object.entries(MADE_OF_TARGETS[file] ?? {}).reduce(
    (made, [name, lines]) => betweenComments(made, name, lines()),
    text,
  );
