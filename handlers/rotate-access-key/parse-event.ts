import type * as z from 'zod/mini';

/**
 * @throws Error that says which fields are wrong. It does not quote their values: the event may hold Secrets Manager's
 * RotationToken, which is a secret.
 */
export function parseEvent<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'event'} (${issue.code})`);
  throw new Error(
    `This function does not know such an event; wrong fields: ${problems.join(', ')}. ` +
      "Expected one of Secrets Manager's rotation steps, firstKey or guardRemoval from Terraform, or replaceLeakedKey. " +
      'Nothing was done.',
  );
}
