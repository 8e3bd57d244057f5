import { setTimeout as sleep } from 'node:timers/promises';

import { SECOND } from '../../contract/instant';
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
): Promise<readonly Resource[]> {
  const left: Resource[] = [];
  for (const kind of KINDS) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    const problems = await Promise.all(
      ofKind.map(async (resource) => ({ resource, problem: await problemOf(clients, resource) })),
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
async function problemOf(clients: Clients, resource: Resource): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeResource(clients, resource);
      return undefined;
    } catch (error) {
      if (attempt === TRIES)
        return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    await sleep(PAUSE);
  }
}

/**
 * Removes what a run made, and nothing of another run: by its name, as AWS may not list yet what is some seconds old, and once
 * more what is listed then, as a call that was on its way may have made it meanwhile.
 *
 * @returns what is left.
 */
export async function removeEverything(
  clients: Clients,
  planned: readonly Resource[],
  tell: (line: string) => void,
): Promise<readonly Resource[]> {
  const left = await removeAll(clients, planned, tell);
  const listed = await findOurs(clients).catch((error: unknown) => {
    tell(`It could not be listed whether anything else is left: ${String(error)}. See --only-clean-up.`);
    return [];
  });
  const isIn = (list: readonly Resource[], { kind, name }: Resource): boolean =>
    list.some((one) => one.kind === kind && one.name === name);
  const made = listed.filter((one) => isIn(planned, one) && !isIn(left, one));
  return [...left, ...(await removeAll(clients, made, tell))];
}
