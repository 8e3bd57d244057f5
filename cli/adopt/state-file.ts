import * as z from 'zod';

import { planText } from '../check-plan/plan-text';

/** One resource instance in the state of another Terraform configuration, as far as it concerns an IAM user. */
export interface StateResource {
  /** `module.mail.aws_iam_access_key.mailer["a"]` */
  readonly address: string;
  /** `module.mail.aws_iam_access_key.mailer`: what a `removed` block can name. */
  readonly block: string;
  readonly type: string;
  /** Whether a module holds it: its block is then not in the configuration itself. */
  readonly inModule: boolean;
  /** Whose it is. */
  readonly userNames: readonly string[];
  /** Of an `aws_iam_access_key`. */
  readonly keyId?: string | undefined;
}

export interface ForeignState {
  readonly resources: readonly StateResource[];
  /** For each block, the blocks of the state that refer to it: Terraform would refuse a plan in which they still do. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

const HOW_TO_MAKE_ONE =
  'In the folder of that configuration: terraform state pull | npx iam-key-rotation adopt --state - …, which leaves no copy on the disk.';

const REMEDIES = {
  howToMakeOne: HOW_TO_MAKE_ONE,
  howToShorten:
    'Leave out all but what is about IAM: terraform state pull | jq -c \'.resources |= map(select(.type | startswith("aws_iam_")))\'',
};

export const ACCESS_KEY = 'aws_iam_access_key';
export const USER = 'aws_iam_user';

/** What belongs to a user, and in which argument its name is. */
const OF_USERS: Readonly<Record<string, string>> = {
  [USER]: 'name',
  [ACCESS_KEY]: 'user',
  aws_iam_user_policy: 'user',
  aws_iam_user_policy_attachment: 'user',
  aws_iam_user_group_membership: 'user',
  aws_iam_user_login_profile: 'user',
  aws_iam_policy_attachment: 'users',
  aws_iam_group_membership: 'users',
  aws_iam_user_policies_exclusive: 'user_name',
  aws_iam_user_policy_attachments_exclusive: 'user_name',
  aws_iam_service_specific_credential: 'user_name',
  aws_iam_signing_certificate: 'user_name',
  aws_iam_user_ssh_key: 'username',
};

/** Those that name several users: to forget one of them would forget all. */
export const OF_SEVERAL_USERS: ReadonlySet<string> = new Set([
  'aws_iam_policy_attachment',
  'aws_iam_group_membership',
]);

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
 * The state of another Terraform configuration: what `terraform state pull` prints, a `terraform.tfstate`, or what
 * `terraform show -json` prints. It holds the secrets of the keys in clear text; nothing of it but names, addresses and ids
 * is kept.
 *
 * @param file `-` reads standard input.
 * @throws Error if it is no such state: an older one, an encrypted one, a plan, or something else. No error quotes it.
 */
export function readState(file: string): ForeignState {
  const json = parseJson(planText(file, REMEDIES), file);
  const foreign = whatElse(json);
  if (foreign !== undefined) throw new Error(`${file} ${foreign}`);
  try {
    return isShown(json) ? fromShown(json, file) : fromRaw(json, file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`${file} has modules within modules, too many to be read. ${HOW_TO_MAKE_ONE}`, {
      cause: error,
    });
  }
}

function parseJson(text: string, file: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // What the parser says quotes the text, and that may be a secret. Not even as the cause.
    throw new Error(`${file} is not JSON, so it is no state. ${HOW_TO_MAKE_ONE}`);
  }
  const parsed = attributes.safeParse(json);
  if (!parsed.success) throw new Error(`${file} is no state of Terraform. ${HOW_TO_MAKE_ONE}`);
  return parsed.data;
}

const isShown = (json: Readonly<Record<string, unknown>>): boolean => 'format_version' in json;

/** What people give in place of a state. */
function whatElse(json: Readonly<Record<string, unknown>>): string | undefined {
  if ('encrypted_data' in json)
    return `is encrypted. ${HOW_TO_MAKE_ONE} The tool that encrypted it decrypts it there.`;
  if ('planned_values' in json || 'resource_changes' in json)
    return `is a plan, which does not say what the state owns. ${HOW_TO_MAKE_ONE}`;
  if (isShown(json) && !('values' in json))
    return `is a state without resources. If that is right, give what terraform state pull prints, which says so itself; otherwise it was made in another folder. ${HOW_TO_MAKE_ONE}`;
  const { version } = json;
  if (typeof version === 'number' && version !== 4 && !isShown(json))
    return version < 4
      ? `is a state of version ${version}, from Terraform 0.11 or before. Upgrade that configuration to Terraform 1.7 or later, apply it there, and try again.`
      : `is a state of version ${version}, which is not known here. Use a newer version of iam-key-rotation.`;
  return undefined;
}

function fromRaw(json: unknown, file: string): ForeignState {
  const { resources } = parsedAs(rawSchema, json, file);
  const found: StateResource[] = [];
  const references: Reference[] = [];
  for (const { module, mode, type, name, instances } of resources) {
    if (mode !== 'managed') continue;
    const block = withoutIndexes([...(module === undefined ? [] : [module]), type, name].join('.'));
    for (const { index_key: key, attributes: values, dependencies } of instances) {
      const address = `${[...(module === undefined ? [] : [module]), type, name].join('.')}${indexText(key)}`;
      const inModule = module !== undefined;
      found.push(...resourceOf({ address, block, type, inModule }, values ?? {}, file));
      references.push({ from: block, to: dependencies.map(withoutIndexes) });
    }
  }
  return { resources: found, dependents: dependentsOf(references) };
}

function fromShown(json: unknown, file: string): ForeignState {
  const { values } = parsedAs(shownSchema, json, file);
  const found: StateResource[] = [];
  const references: Reference[] = [];
  const visit = (module: ShownModule): void => {
    const prefix = module.address === undefined ? '' : `${module.address}.`;
    for (const { address, mode, type, values: own, depends_on: dependencies } of module.resources) {
      if (mode !== 'managed') continue;
      const block = withoutIndexes(address);
      found.push(...resourceOf({ address, block, type, inModule: prefix !== '' }, own, file));
      references.push({ from: block, to: dependencies.map(withoutIndexes) });
    }
    for (const child of module.child_modules) visit(child);
  };
  visit(values.root_module);
  return { resources: found, dependents: dependentsOf(references) };
}

function parsedAs<Output>(schema: z.ZodType<Output>, json: unknown, file: string): Output {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'the whole'} (${code})`);
  throw new Error(
    `${file} is no state that Terraform writes: ${places.slice(0, 5).join(', ')}. ${HOW_TO_MAKE_ONE}`,
  );
}

/** @throws Error where it does not say whose it is, or which key: nothing could be concluded from what is not there. */
function resourceOf(
  resource: Pick<StateResource, 'address' | 'block' | 'type' | 'inModule'>,
  values: Readonly<Record<string, unknown>>,
  file: string,
): readonly StateResource[] {
  const argument = Object.hasOwn(OF_USERS, resource.type) ? OF_USERS[resource.type] : undefined;
  if (argument === undefined) return [];
  const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]).nullish();
  const users = names.safeParse(values[argument]);
  const [isKey, id] = [resource.type === ACCESS_KEY, values['id']];
  if (!users.success || (isKey && (typeof id !== 'string' || !users.data)))
    throw new Error(
      `${file} does not say whose ${resource.address} is, so it cannot be judged. Run terraform apply -refresh-only there, and try again.`,
    );
  return [{ ...resource, userNames: users.data ?? [], ...(isKey ? { keyId: String(id) } : {}) }];
}

const indexText = (key: string | number | undefined): string =>
  key === undefined ? '' : `[${JSON.stringify(key)}]`;

/** `module.a["x.y"].aws_iam_user.b[0]` becomes `module.a.aws_iam_user.b`. */
const withoutIndexes = (address: string): string => address.replaceAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, '');

interface Reference {
  readonly from: string;
  readonly to: readonly string[];
}

function dependentsOf(references: readonly Reference[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, Set<string>>();
  for (const { from, to } of references)
    for (const block of to) dependents.set(block, (dependents.get(block) ?? new Set()).add(from));
  return new Map([...dependents].map(([block, from]) => [block, [...from].sort()]));
}

/** The keys that the states own, by id. */
export const keysIn = (states: readonly ForeignState[]): ReadonlyMap<string, StateResource> =>
  new Map(
    states.flatMap(({ resources }) =>
      resources.flatMap((resource) =>
        resource.keyId === undefined ? [] : [[resource.keyId, resource] as const],
      ),
    ),
  );
