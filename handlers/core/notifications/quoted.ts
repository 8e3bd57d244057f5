const LONGEST_QUOTE = 300;

/** What a caller chose, and people read: in one line, without what a terminal or mail program would obey, and not endless. */
export function quoted(text: string): string {
  const visible = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return visible.length <= LONGEST_QUOTE ? visible : `${visible.slice(0, LONGEST_QUOTE)}…`;
}
