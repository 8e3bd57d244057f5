import { SECOND } from '../../contract/instant';
import { pause } from './asking';
import type { Clients } from './clients';
import { findOurs, KINDS, removeResource, type Resource } from './resources';

/** What is new, or was just emptied, is not known everywhere yet: AWS refuses to delete it for some seconds. */
const TRIES = 6;
const PAUSE = 3 * SECOND;

/**
 * Removes these, and does not stop at one that cannot be removed.
 *
 * @returns what is left.
 */
export async function removeAll(
  clients: Clients,
  resources: readonly Resource[],
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  const left: Resource[] = [];
  for (const kind of KINDS) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    const problems = await Promise.all(
      ofKind.map(async (resource) => ({ resource, problem: await problemOf(clients, resource, signal) })),
    );
    for (const { resource, problem } of problems) {
      if (problem === undefined) continue;
      tell(`The ${kind} ${resource.name} could not be removed: ${problem}`);
      left.push(resource);
    }
  }
  return left;
}

/** Undefined: it is removed. */
async function problemOf(
  clients: Clients,
  resource: Resource,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeResource(clients, resource);
      return undefined;
    } catch (error) {
      if (attempt === TRIES)
        return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    await pause(PAUSE, signal);
  }
}

/**
 * Removes what runs before this one left, because they were killed.
 *
 * @throws Error if something of it cannot be removed.
 */
export async function removeLeftovers(
  clients: Clients,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const leftovers = await findOurs(clients);
  if (leftovers.length === 0) return;
  tell(`An earlier run left ${leftovers.length} resources, which are removed:`);
  for (const { kind, name } of leftovers) tell(`  ${kind} ${name}`);
  const left = await removeAll(clients, leftovers, tell, signal);
  if (left.length > 0)
    throw new Error('What an earlier run left could not be removed, so nothing was begun.');
}
