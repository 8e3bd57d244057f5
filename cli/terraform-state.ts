import * as z from 'zod';

import { planText, type Remedies } from './check-plan/plan-text';

/** One resource instance that a state holds. Its values may be secrets: keep of them what is needed, and print none. */
export interface StateInstance {
  /** `module.mail["a"].aws_iam_access_key.mailer["b"]` */
  readonly address: string;
  /** The module instance that holds it, `module.mail["a"]`; undefined: the configuration itself. */
  readonly module?: string | undefined;
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Addresses of what it refers to. */
  readonly dependencies: readonly string[];
  /** It was replaced, and is still to be destroyed. */
  readonly isDeposed: boolean;
}

const attributes = z.record(z.string(), z.unknown());

/*
 * Addresses are printed as commands and blocks to copy. What Terraform could not have written there is refused.
 * https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
 */
const IDENTIFIER = String.raw`[\p{ID_Start}_][\p{ID_Continue}-]*`;
const INDEX = String.raw`(?:\[(?:\d+|"(?:[^"\\\p{Cc}\p{Zl}\p{Zp}]|\\[^\p{Cc}\p{Zl}\p{Zp}])*")\])?`;
const MODULE = String.raw`module\.${IDENTIFIER}${INDEX}`;
const identifier = z.string().regex(new RegExp(`^${IDENTIFIER}$`, 'u'));
const moduleAddress = z.string().regex(new RegExp(String.raw`^${MODULE}(?:\.${MODULE})*$`, 'u'));
const resourceAddress = z
  .string()
  .regex(new RegExp(String.raw`^(?:${MODULE}\.)*(?:data\.)?${IDENTIFIER}\.${IDENTIFIER}${INDEX}$`, 'u'));
const index = z.union([z.string(), z.number()]).optional();

/** Version 4, of Terraform 0.12 and later, and of OpenTofu. What is not needed is not read. */
const rawSchema = z.object({
  version: z.literal(4),
  terraform_version: z.string(),
  lineage: z.string(),
  resources: z.array(
    z.object({
      module: moduleAddress.optional(),
      mode: z.enum(['managed', 'data']),
      type: identifier,
      name: identifier,
      instances: z.array(
        z.object({
          index_key: index,
          attributes: attributes.nullish(),
          dependencies: z.array(z.string()).default([]),
          deposed: z.string().optional(),
        }),
      ),
    }),
  ),
});

const shownResource = z.object({
  address: resourceAddress,
  mode: z.enum(['managed', 'data']),
  type: identifier,
  name: identifier,
  index,
  values: attributes.default({}),
  depends_on: z.array(z.string()).default([]),
  deposed_key: z.string().optional(),
});

interface ShownModule {
  readonly address?: string | undefined;
  readonly resources: readonly z.output<typeof shownResource>[];
  readonly child_modules: readonly ShownModule[];
}

const shownModule: z.ZodType<ShownModule> = z.object({
  address: moduleAddress.optional(),
  resources: z.array(shownResource).default([]),
  child_modules: z.array(z.lazy(() => shownModule)).default([]),
});

/** https://developer.hashicorp.com/terraform/internals/json-format#state-representation */
const shownSchema = z.object({
  format_version: z.string().regex(/^1\./, 'only version 1 of the format is known'),
  terraform_version: z.string(),
  values: z.object({ root_module: shownModule }),
});

/**
 * What a state manages: what `terraform state pull` prints, a `terraform.tfstate`, or what `terraform show -json` prints.
 * Data sources are left out.
 *
 * @param file `-` reads standard input.
 * @throws Error if it is no such state: an older one, an encrypted one, a plan, or something else. No error quotes it.
 */
export function readInstances(file: string, remedies: Remedies): readonly StateInstance[] {
  const { howToMakeOne } = remedies;
  const json = parseJson(planText(file, remedies), file, howToMakeOne);
  const foreign = whatElse(json, howToMakeOne);
  if (foreign !== undefined) throw new Error(`${file} ${foreign}`);
  try {
    return isShown(json)
      ? fromShown(parsedAs(shownSchema, json, file, howToMakeOne))
      : fromRaw(parsedAs(rawSchema, json, file, howToMakeOne));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`${file} has modules within modules, too many to be read. ${howToMakeOne}`, {
      cause: error,
    });
  }
}

function parseJson(text: string, file: string, howToMakeOne: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // What the parser says quotes the text, and that may be a secret. Not even as the cause.
    throw new Error(`${file} is not JSON, so it is no state. ${howToMakeOne}`);
  }
  const parsed = attributes.safeParse(json);
  if (!parsed.success) throw new Error(`${file} is no state of Terraform. ${howToMakeOne}`);
  return parsed.data;
}

const isShown = (json: Readonly<Record<string, unknown>>): boolean => 'format_version' in json;

/** What people give in place of a state. */
function whatElse(json: Readonly<Record<string, unknown>>, howToMakeOne: string): string | undefined {
  if ('encrypted_data' in json)
    return `is encrypted. ${howToMakeOne} The tool that encrypted it decrypts it there.`;
  if ('planned_values' in json || 'resource_changes' in json)
    return `is a plan, which does not say what the state owns. ${howToMakeOne}`;
  if (isShown(json) && !('values' in json))
    return `is a state without resources. If that is right, give what terraform state pull prints, which says so itself; otherwise it was made in another folder. ${howToMakeOne}`;
  const { version } = json;
  if (typeof version === 'number' && version !== 4 && !isShown(json))
    return version < 4
      ? `is a state of version ${version}, from Terraform 0.11 or before. Upgrade that configuration to Terraform 1.7 or later, apply it there, and try again.`
      : `is a state of version ${version}, which is not known here. Use a newer version of iam-key-rotation.`;
  return undefined;
}

const fromRaw = ({ resources }: z.output<typeof rawSchema>): readonly StateInstance[] =>
  resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: key, attributes: values, dependencies, deposed }) => ({
        address: `${[...(module === undefined ? [] : [module]), type, name].join('.')}${indexText(key)}`,
        ...{ module, type, name, values: values ?? {}, dependencies, isDeposed: deposed !== undefined },
      })),
    );

function fromShown({ values }: z.output<typeof shownSchema>): readonly StateInstance[] {
  const found: StateInstance[] = [];
  const visit = ({ address: module, resources, child_modules: children }: ShownModule): void => {
    for (const { address, mode, type, name, values: own, depends_on, deposed_key } of resources) {
      if (mode !== 'managed') continue;
      const isDeposed = deposed_key !== undefined;
      found.push({ address, module, type, name, values: own, dependencies: depends_on, isDeposed });
    }
    for (const child of children) visit(child);
  };
  visit(values.root_module);
  return found;
}

function parsedAs<Output>(
  schema: z.ZodType<Output>,
  json: unknown,
  file: string,
  howToMakeOne: string,
): Output {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'the whole'} (${code})`);
  throw new Error(
    `${file} is no state that Terraform writes: ${places.slice(0, 5).join(', ')}. ${howToMakeOne}`,
  );
}

const indexText = (key: string | number | undefined): string =>
  key === undefined ? '' : `[${JSON.stringify(key)}]`;
