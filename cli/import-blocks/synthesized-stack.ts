import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

/** What `cdktf synth` writes for each stack, beside its assets. */
export const STACK_FILE = 'cdk.tf.json';

const args = z.record(z.string(), z.unknown());

const stackFileSchema = z.object({
  provider: z.object({
    aws: z.array(
      z.object({
        alias: z.string().optional(),
        region: z.string(),
        allowed_account_ids: z.tuple([z.string()]).optional(),
        assume_role: z.array(z.object({ role_arn: z.string() })).optional(),
        default_tags: z.array(z.object({ tags: z.record(z.string(), z.string()) })).optional(),
      }),
    ),
  }),
  import: z.array(z.object({ to: z.string() })).optional(),
  resource: z.record(z.string(), z.record(z.string(), args)),
});

/** One resource instance of a stack: each value of a `for_each` is one. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  /** `aws_iam_user_policy_attachment.reports["arn:aws:iam::aws:policy/ReadOnlyAccess"]` */
  readonly address: string;
  /** Where it is, by its provider. */
  readonly region: string;
  /** Of a `for_each`; over a set, key and value are the same. */
  readonly each?: Each;
  /** As they were synthesized: with references and Terraform's escapes. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Each {
  readonly key: string;
  readonly value: string;
}

/** A synthesized stack, as Terraform reads it. */
export interface SynthesizedStack {
  readonly accountId: string;
  /** Of nearly all resources. */
  readonly region: string;
  /** The role that Terraform assumes, where it is told to. */
  readonly deployRoleArn?: string | undefined;
  /** Which everything that can have tags has. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Addresses of what is there already and comes into the state with the next apply. */
  readonly imported?: readonly string[];
  readonly resources: readonly Resource[];
}

/** @throws Error if the folder holds no stack of this product. */
export function readSynthesizedStack(folder: string): SynthesizedStack {
  const file = join(folder, STACK_FILE);
  const parsed = stackFileSchema.safeParse(parseJson(readStackFile(file), file));
  if (!parsed.success) {
    throw new Error(
      `${file} is no stack that iam-key-rotation synthesized:\n${z.prettifyError(parsed.error)}`,
    );
  }
  const providers = parsed.data.provider.aws;
  const main = providers.find(({ alias }) => alias === undefined);
  if (main?.allowed_account_ids === undefined) {
    throw new Error(`${file} does not name the account that the stack belongs to.`);
  }
  const regionOf = (own: Resource['arguments']): string =>
    providers.find(({ alias }) => alias !== undefined && own['provider'] === `aws.${alias}`)?.region ??
    main.region;
  const resources = Object.entries(parsed.data.resource).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, own]) =>
      instancesOf({ type, name, region: regionOf(own), arguments: own }),
    ),
  );
  return {
    accountId: main.allowed_account_ids[0],
    region: main.region,
    deployRoleArn: main.assume_role?.[0]?.role_arn,
    tags: main.default_tags?.[0]?.tags,
    imported: (parsed.data.import ?? []).map(({ to }) => to),
    resources,
  };
}

function readStackFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `There is no ${file}. Name the folder of a synthesized stack, such as cdktf.out/stacks/production; ` +
        '`npm run synth` writes it.',
      { cause: error },
    );
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes the file. Not even as the cause.
    throw new Error(`${file} is not JSON. \`npm run synth\` writes it again.`);
  }
}

function instancesOf(resource: Omit<Resource, 'address' | 'each'>): readonly Resource[] {
  const address = `${resource.type}.${resource.name}`;
  const { for_each: forEach, count } = resource.arguments;
  if (count !== undefined) {
    throw new Error(`${address}: only \`for_each\` over a set or a map is understood here.`);
  }
  if (forEach === undefined) return [{ ...resource, address }];
  return elementsOf(forEach, address).map((each) => ({
    ...{ ...resource, each },
    address: `${address}[${JSON.stringify(each.key)}]`,
  }));
}

/** Of `${toset(["a", "b"])}`, or of a map of texts. */
function elementsOf(forEach: unknown, address: string): readonly Each[] {
  const map = z.record(z.string(), z.string()).safeParse(forEach);
  if (map.success) return Object.entries(map.data).map(([key, value]) => ({ key, value }));
  const expression = String(forEach);
  const list = /^\$\{toset\((\[.*\])\)\}$/s.exec(expression)?.[1];
  if (list === undefined) {
    throw new Error(
      `${address}: \`for_each\` is ${expression}; only a set or a map of texts, written out, is understood here.`,
    );
  }
  return z
    .array(z.string())
    .parse(JSON.parse(list))
    .map((text) => ({ key: text, value: text }));
}
