import { createHash } from 'node:crypto';

import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { requireUser, type Stack, usersOfOwner } from '../stack';

/** Whose keys an emergency is about. */
export type Choice =
  { readonly all: true } | { readonly owner: string } | { readonly users: readonly string[] };

/**
 * What the choice is called in the table: the same choice has the same name each time, whatever has become of the users. Names of
 * users may be too many for the key of an item, so they stand there as their hash.
 */
export function whoseOf(choice: Choice): string {
  if ('all' in choice) return 'all';
  if ('owner' in choice) return `owner#${choice.owner}`;
  const names = [...new Set(choice.users)].toSorted();
  return `users#${createHash('sha256').update(JSON.stringify(names)).digest('hex')}`;
}

export function describeChoice(choice: Choice): string {
  if ('all' in choice) return 'all users';
  if ('owner' in choice) return `the users of owner ${choice.owner}`;
  return `the users ${choice.users.join(', ')}`;
}

/** @throws Error where somebody who does not exist is named */
export function chosenOf(
  entries: readonly TableEntry[],
  choice: Choice,
  stack: Pick<Stack, 'prefix' | 'region'>,
): readonly TableEntry[] {
  if ('owner' in choice) return usersOfOwner(entries, choice.owner, stack);
  if ('users' in choice) return [...new Set(choice.users)].map((name) => requireUser(entries, name, stack));
  if (entries.length > 0) return entries;
  throw new Error(`Stack ${stack.prefix} has no users. Nothing was changed.`);
}
