import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from '@cdktf/hcl2json';
import { z } from 'zod';

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
  resource: z.record(z.string(), z.record(z.string(), z.json())),
});

type File = z.output<typeof fileSchema>;
export type Variable = File['variable'][string][0];

/** A module as it is released: what is written by hand in HCL, and the resources, which are generated. */
export interface HclModule {
  readonly name: string;
  /** In the order of the files and in them. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, z.output<ReturnType<typeof z.json>>>;
  readonly outputs: ReadonlyMap<string, { readonly description: string }>;
  readonly generated: z.output<typeof resourcesSchema>;
}

/**
 * @param folder - with `*.tf` and `main.tf.json`
 * @throws Error of the parser, or a ZodError where a variable or output lacks type or description
 */
export async function readHclModule(folder: string, name: string): Promise<HclModule> {
  const variables = new Map<string, Variable>();
  const locals = new Map<string, z.output<ReturnType<typeof z.json>>>();
  const outputs = new Map<string, { readonly description: string }>();
  // What everybody looks for first is first.
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  for (const file of files.toSorted((one, other) => rank(one) - rank(other))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const found = fileSchema.parse(await parse(file, text));
    for (const [key, [body]] of inOrder(found.variable, text)) variables.set(key, body);
    for (const [key, [body]] of inOrder(found.output, text)) outputs.set(key, body);
    for (const [key, value] of found.locals.flatMap((all) => Object.entries(all))) locals.set(key, value);
  }
  const generated: unknown = JSON.parse(readFileSync(join(folder, 'main.tf.json'), 'utf8'));
  return { name, variables, locals, outputs, generated: resourcesSchema.parse(generated) };
}

const rank = (file: string): number => (file === 'variables.tf' || file === 'outputs.tf' ? 0 : 1);

/** The parser hands the blocks over by name. */
const inOrder = <Body>(blocks: Readonly<Record<string, Body>>, text: string): readonly [string, Body][] =>
  Object.entries(blocks).toSorted(
    ([one], [other]) => text.indexOf(`"${one}" {`) - text.indexOf(`"${other}" {`),
  );

/**
 * What is wrong between the hand-written and the generated part: a variable or local that one refers to and the HCL does not
 * declare, and one that is declared and not used; of a module with `local.parts`, a resource that is not in it.
 *
 * @returns a sentence for each; none if all is well
 */
export function mismatches(module: HclModule): readonly string[] {
  const { name, variables, locals, outputs, generated } = module;
  const declared = new Map<string, unknown>();
  for (const [key, body] of variables) declared.set(`var.${key}`, { ...body, description: '' });
  for (const [key, value] of locals) declared.set(`local.${key}`, value);
  const texts: readonly [string, unknown][] = [
    ...declared,
    ...[...outputs].map(([key, body]): [string, unknown] => [`output.${key}`, { ...body, description: '' }]),
    ['main.tf.json', generated],
  ];
  // What only refers to itself, as a variable's validation does, is not used.
  const used = new Set(texts.flatMap(([from, body]) => referencesIn(body).filter((to) => to !== from)));
  const parts = locals.get('parts');
  return [
    ...[...used]
      .filter((one) => !declared.has(one))
      .map((one) => `${name}: ${one} is used and not declared.`),
    ...[...declared.keys()]
      .filter((one) => !used.has(one))
      .map((one) => `${name}: ${one} is declared and not used.`),
    ...(parts === undefined ? [] : missingParts(name, JSON.stringify(parts), generated.resource)),
  ];
}

const referencesIn = (body: unknown): readonly string[] =>
  [...JSON.stringify(body).matchAll(/(?<![\w.-])(?:var|local)\.[A-Za-z_]\w*/g)].map(([one]) => one);

const missingParts = (
  name: string,
  parts: string,
  resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly string[] =>
  Object.entries(resources)
    .flatMap(([type, all]) => Object.keys(all).map((key) => `${type}.${key}`))
    .filter((address) => !parts.includes(`\${${address}}`))
    .map((address) => `${name}: ${address} is not in local.parts.`);
