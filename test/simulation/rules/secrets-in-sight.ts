import { SECRET_MARKER } from '../../support/in-memory-aws/iam';

/** Whether a secret can be read anywhere in a value as a logger, a test report or a console would show it. */
export function showsASecret(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.includes(SECRET_MARKER);
  if (typeof value !== 'object' || value === null || depth > 8) return false;
  if (value instanceof Error) {
    if (showsASecret(value.message) || showsASecret(value.stack) || showsASecret(value.cause, depth + 1))
      return true;
  }
  if (value instanceof Map || value instanceof Set) {
    return [...value.entries()].some((entry) => showsASecret(entry, depth + 1));
  }
  for (const key in value) {
    if (showsASecret((value as Record<string, unknown>)[key], depth + 1)) return true;
  }
  return false;
}
