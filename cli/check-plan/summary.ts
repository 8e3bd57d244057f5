import type { Plan, PlannedAction, PlannedChange } from './read-plan';

/** What is done to a resource; nothing is said of what is only read or forgotten. */
type Deed = 'to create' | 'to update' | 'to replace' | 'to delete';
const DEEDS: readonly Deed[] = ['to create', 'to update', 'to replace', 'to delete'];

/** Each user has one, and its name is the user's stable key; in the Terraform modules it is the module's path that tells. */
const SECRET = 'aws_secretsmanager_secret';

/** What is of no user. */
const STACK = 'the stack';

/** How many resources of each user a plan changes, and how: a plan of some users is longer than anybody reads. */
export function summary({ changes }: Pick<Plan, 'changes'>): readonly string[] {
  const owners = changes.filter(({ type }) => type === SECRET).map(partsOf);
  const counts = new Map<string, Map<Deed, number>>();
  for (const change of changes) {
    const deed = deedOf(change.actions);
    if (deed === undefined) continue;
    const owner = ownerOf(change, owners);
    const ofOwner = counts.get(owner) ?? new Map<Deed, number>();
    counts.set(owner, ofOwner.set(deed, (ofOwner.get(deed) ?? 0) + 1));
  }
  return [...counts]
    .sort(([one], [other]) => Number(one === STACK) - Number(other === STACK) || one.localeCompare(other))
    .map(([owner, deeds]) => {
      const told = DEEDS.filter((deed) => deeds.has(deed)).map((deed) => `${deeds.get(deed)} ${deed}`);
      return `${owner}: ${told.join(', ')}`;
    });
}

interface Parts {
  /** `module.keys["a"].`, or empty. */
  readonly module: string;
  readonly name: string;
}

/**
 * Read from its beginning, because the key of an instance may be any text, another address among them:
 * https://developer.hashicorp.com/terraform/cli/state/resource-addressing
 */
const ADDRESS = /^(?<module>(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*)[\w-]+\.(?<name>[\w-]+)/;

function partsOf({ address }: Pick<PlannedChange, 'address'>): Parts {
  const { module = '', name = address } = ADDRESS.exec(address)?.groups ?? {};
  return { module, name };
}

/** The longest stable key that the name begins with: one may be the beginning of another. */
function ownerOf(change: PlannedChange, owners: readonly Parts[]): string {
  const { module, name } = partsOf(change);
  const [owner] = owners
    .filter(
      (one) =>
        one.module === module && (module !== '' || name === one.name || name.startsWith(`${one.name}_`)),
    )
    .sort((one, other) => other.name.length - one.name.length);
  if (owner === undefined) return STACK;
  return module === '' ? owner.name : module.replace(/\.$/, '');
}

function deedOf(actions: readonly PlannedAction[]): Deed | undefined {
  const [creates, deletes] = [actions.includes('create'), actions.includes('delete')];
  if (creates && deletes) return 'to replace';
  if (creates) return 'to create';
  if (deletes) return 'to delete';
  return actions.includes('update') ? 'to update' : undefined;
}
