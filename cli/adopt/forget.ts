import { ACCESS_KEY, type ForeignState, OF_SEVERAL_USERS, type StateResource } from './state-file';

/** What another Terraform configuration has to forget, and how. */
export interface Forgetting {
  /** Blocks that a `removed` block can name. */
  readonly blocks: readonly string[];
  /** Addresses that only `terraform state rm` can name: in a module, or some of several of one block. */
  readonly addresses: readonly string[];
  /** Blocks that name several users, of whom not all move. */
  readonly shared: readonly string[];
  /** Blocks that refer to what is forgotten and are not forgotten themselves. */
  readonly dependents: readonly string[];
}

/**
 * @param userNames whose keys are forgotten, and with `whole` everything else of these users, too.
 * @returns undefined where the state has none of it
 */
export function forgettingIn(
  { resources, dependents }: ForeignState,
  userNames: ReadonlySet<string>,
  { whole }: { readonly whole: boolean },
): Forgetting | undefined {
  const isTheirs = ({ userNames: names }: StateResource): boolean =>
    names.length > 0 && names.every((name) => userNames.has(name.toLowerCase()));
  const concerned = resources.filter(({ type }) => whole || type === ACCESS_KEY);
  const going = concerned.filter(isTheirs);
  const shared = concerned.filter(
    (one) =>
      OF_SEVERAL_USERS.has(one.type) &&
      !isTheirs(one) &&
      one.userNames.some((name) => userNames.has(name.toLowerCase())),
  );
  if (going.length + shared.length === 0) return undefined;

  const wholeBlocks = new Set<string>();
  const addresses: string[] = [];
  for (const resource of going) {
    const isAll = resources.every((other) => other.block !== resource.block || going.includes(other));
    if (isAll && !resource.inModule) wholeBlocks.add(resource.block);
    else addresses.push(resource.address);
  }
  const blocks = [...wholeBlocks];
  const forgotten = new Set(going.map(({ block }) => block));
  const referring = going.flatMap(({ block }) => dependents.get(block) ?? []);
  return {
    ...{ blocks, addresses },
    shared: unique(shared.map(({ address }) => address)),
    dependents: unique(referring).filter((block) => !forgotten.has(block)),
  };
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** Terraform 1.7 and later. https://developer.hashicorp.com/terraform/language/block/removed */
export const removedBlocks = (blocks: readonly string[]): string =>
  blocks
    .map((block) => `removed {\n  from = ${block}\n  lifecycle {\n    destroy = false\n  }\n}\n`)
    .join('\n');
