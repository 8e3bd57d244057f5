import { MissingInAwsError, ruleOf, type StackFacts } from './stack-facts';
import type { Resource, SynthesizedStack } from './synthesized-stack';

/** What becomes of each resource of a stack whose state was lost. */
export interface Recovery {
  /** Taken back into the state as they are. */
  readonly imports: readonly { readonly address: string; readonly id: string }[];
  /** Made again by the next apply, because Terraform cannot import them. */
  readonly remade: readonly string[];
  /** Not found in AWS: made by the next apply. */
  readonly missing: readonly string[];
}

export async function planRecovery({ resources }: SynthesizedStack, facts: StackFacts): Promise<Recovery> {
  const isRemade = (resource: Resource): boolean => 'remade' in ruleOf(resource);
  const found = await Promise.all(
    resources
      .filter((resource) => !isRemade(resource))
      .map(async (resource) => ({ address: resource.address, id: await importIdOf(resource, facts) })),
  );
  return {
    imports: found.filter((one): one is { address: string; id: string } => one.id !== undefined),
    remade: resources.filter(isRemade).map(({ address }) => address),
    missing: found.filter(({ id }) => id === undefined).map(({ address }) => address),
  };
}

async function importIdOf(resource: Resource, facts: StackFacts): Promise<string | undefined> {
  try {
    return await facts.importId(resource);
  } catch (error) {
    if (error instanceof MissingInAwsError) return undefined;
    throw error;
  }
}

/** Terraform's `import` blocks: https://developer.hashicorp.com/terraform/language/import */
export const importBlocks = ({ imports }: Recovery): string =>
  [
    '# Written by `iam-key-rotation import-blocks`. Remove it once it is applied: it has no effect any more then.\n',
    ...imports.map(({ address, id }) => `import {\n  to = ${address}\n  id = ${quoted(id)}\n}\n`),
  ].join('\n');

/** As HCL writes a text in which nothing is to be replaced. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[$%](?=\{)/g, '$&$&');
