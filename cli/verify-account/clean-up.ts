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
 * Removes what a run made, and whatever else of this command is in the account.
 *
 * @param planned AWS may not list yet what is some seconds old, so what was announced is removed by its name.
 * @returns what is left.
 */
export async function removeEverything(
  clients: Clients,
  planned: readonly Resource[],
  tell: (line: string) => void,
): Promise<readonly Resource[]> {
  const left = await removeAll(clients, planned, tell);
  const listed = (await findOurs(clients)).filter(
    ({ kind, name }) => !left.some((one) => one.kind === kind && one.name === name),
  );
  return [...left, ...(await removeAll(clients, listed, tell))];
}
