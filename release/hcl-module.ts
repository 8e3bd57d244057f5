import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from '@cdktf/hcl2json';
import * as z from 'zod';

/** A block's body, in a list: HCL may say a block twice. */
const block = <Body extends z.ZodType>(body: Body) => z.record(z.string(), z.tuple([body]));

/** What a `.tf` file may declare beside generated resources, as hcl2json has it: expressions are texts in `${…}`. */
const fileSchema = z.strictObject({
  terraform: z.array(z.looseObject({})).optional(),
  variable: block(
    z.looseObject({ type: z.string(), description: z.string(), default: z.json().optional() }),
  ).default({}),
  locals: z.array(z.record(z.string(), z.json())).default([]),
  output: block(z.looseObject({ description: z.string() })).default({}),
});

/** What is read of the generated `main.tf.json`. */
const resourcesSchema = z.looseObject({
  locals: z.record(z.string(), z.json()).default({}),
  resource: z.record(z.string(), z.record(z.string(), z.json())),
});

type File = z.output<typeof fileSchema>;
export type Variable = File['variable'][string][0];
type Output = File['output'][string][0];

/** What is written by hand in HCL. */
export interface Declarations {
  /** In the order of the files and in them. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, unknown>;
  readonly outputs: ReadonlyMap<string, Output>;
}

/**
 * @param folder - with `*.tf`
 * @throws Error of the parser, or a ZodError where a variable or output lacks type or description
 */
export async function readDeclarations(folder: string): Promise<Declarations> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  const variables: [string, Variable][] = [];
  const locals: [string, unknown][] = [];
  const outputs: [string, Output][] = [];
  // What everybody looks for first is first.
  for (const file of files.toSorted((one, other) => rank(one) - rank(other))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const found = fileSchema.parse(await parse(file, text));
    variables.push(...inOrder(found.variable, text));
    locals.push(...found.locals.flatMap((all) => Object.entries(all)));
    outputs.push(...inOrder(found.output, text));
  }
  return { variables: new Map(variables), locals: new Map(locals), outputs: new Map(outputs) };
}

const rank = (file: string): number => (file === 'variables.tf' || file === 'outputs.tf' ? 0 : 1);

/** The parser hands the blocks over by name. */
const inOrder = <Body>(blocks: Readonly<Record<string, readonly [Body]>>, text: string): [string, Body][] =>
  Object.entries(blocks)
    .map(([name, [body]]): [string, Body] => [name, body])
    .toSorted(([one], [other]) => text.indexOf(`"${one}" {`) - text.indexOf(`"${other}" {`));

/**
 * What does not fit between the hand-written and the generated part: a variable or local that one refers to and the HCL does
 * not declare, and one that is declared and not used; where there is `local.parts`, a resource that is not in it.
 *
 * @param json - the generated `main.tf.json`
 * @returns a sentence for each; none if all fits
 */
export function mismatches({ variables, locals, outputs }: Declarations, json: string): readonly string[] {
  const generated = resourcesSchema.parse(JSON.parse(json));
  const declared = new Map<string, unknown>([
    ...[...variables].map(([name, body]): [string, unknown] => [`var.${name}`, withoutText(body)]),
    ...[...locals, ...Object.entries(generated.locals)].map(([name, value]): [string, unknown] => [
      `local.${name}`,
      value,
    ]),
  ]);
  const used = new Set([
    // What only refers to itself, as a variable's validation does, is not used.
    ...[...declared].flatMap(([name, body]) => referencesIn(body).filter((other) => other !== name)),
    ...[...outputs.values()].flatMap((body) => referencesIn(withoutText(body))),
    ...referencesIn(generated),
  ]);
  return [
    ...[...locals.keys()]
      .filter((name) => name in generated.locals)
      .map((name) => `local.${name} is declared, and generated, too.`),
    ...[...used].filter((name) => !declared.has(name)).map((name) => `${name} is used and not declared.`),
    ...[...declared.keys()]
      .filter((name) => !used.has(name))
      .map((name) => `${name} is declared and not used.`),
    ...(locals.has('parts') ? missingParts(JSON.stringify(locals.get('parts')), generated) : []),
  ];
}

const withoutText = (body: Variable | Output): unknown => ({ ...body, description: undefined });

const referencesIn = (body: unknown): readonly string[] =>
  [...JSON.stringify(body).matchAll(/(?<![\w.-])(?:var|local)\.[A-Za-z_]\w*/g)].map(([name]) => name);

const missingParts = (parts: string, { resource }: z.output<typeof resourcesSchema>): readonly string[] =>
  Object.entries(resource)
    .flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`))
    .filter((address) => !parts.includes(`"\${${address}}"`))
    .map((address) => `${address} is not in local.parts.`);
