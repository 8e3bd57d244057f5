import { KNOWN_REGIONS, partitionOf, REGION } from '../../aws/aws-values';
import type { Draft, DraftStack } from '../draft';
import type { Problem, Path } from '../problem';
import type { RawStack } from '../schema/stack';
import { suggest } from '../suggest';

/** A secret is copied to other regions of its partition, and not to its own. */
export function checkReplicas(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) => [
    ...checkRegions(stack, stack.values.replicaRegions, stack.path),
    ...stack.users.flatMap(({ path, values }) => checkRegions(stack, values.replicaRegions, path)),
  ]);
}

function checkRegions(stack: DraftStack, replicas: RawStack['replicaRegions'], owner: Path): Problem[] {
  const { region: home } = stack.values;
  return Object.keys(replicas ?? {}).flatMap((region): Problem[] => {
    const path = [...owner, 'replicaRegions', region];
    const found = `'${region}'`;
    if (!REGION.test(region)) {
      const rule = 'a region is the short name of an AWS region';
      return [{ path, found, rule, write: `${suggest(region, KNOWN_REGIONS) ?? 'eu-central-1'}: {}` }];
    }
    if (home === undefined) return [];
    if (region === home) {
      const rule = `the stack's own region, ${home}, has the secret itself, and gets no copy of it`;
      return [{ path, found, rule, write: 'another region, or nothing' }];
    }
    if (partitionOf(region) !== partitionOf(home)) {
      const rule = `copies are in the partition of the stack's region, ${partitionOf(home)}: Secrets Manager copies to no other`;
      return [{ path, found, rule, write: 'a region of the same partition' }];
    }
    return [];
  });
}
