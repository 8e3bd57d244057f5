/**
 * Whether a text is like a pattern, in which `*` stands for anything.
 *
 * Not a regular expression: one with several `.*` may take years for a text that does not match.
 */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return text === pattern;
  const last = others.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}
