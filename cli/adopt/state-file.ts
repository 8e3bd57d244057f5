import * as z from 'zod';

import type { Remedies } from '../check-plan/plan-text';
import { readInstances } from '../terraform-state';

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

const REMEDIES: Remedies = {
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

/**
 * The state of another Terraform configuration: what `terraform state pull` prints, a `terraform.tfstate`, or what
 * `terraform show -json` prints. It holds the secrets of the keys in clear text; nothing of it but names, addresses and ids
 * is kept.
 *
 * @param file `-` reads standard input.
 * @throws Error if it is no such state: an older one, an encrypted one, a plan, or something else. No error quotes it.
 */
export function readState(file: string): ForeignState {
  const found: StateResource[] = [];
  const references: Reference[] = [];
  for (const { address, module, type, values, dependencies } of readInstances(file, REMEDIES)) {
    const block = withoutIndexes(address);
    found.push(...resourceOf({ address, block, type, inModule: module !== undefined }, values, file));
    references.push({ from: block, to: dependencies.map(withoutIndexes) });
  }
  return { resources: found, dependents: dependentsOf(references) };
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
