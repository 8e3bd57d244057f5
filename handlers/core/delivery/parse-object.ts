/** JSON.parse quotes its input in its errors, and the input is a secret: what does not parse is undefined. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return Object.assign(Object.create(null), parsed) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
