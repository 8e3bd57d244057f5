const LONGEST_QUOTE = 500;

/** In one line, without what a terminal or a mail program would obey. */
export const inOneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');

/** What somebody else wrote, and people read: at most 500 characters in one line, in quotation marks that it cannot end. */
export const quoted = (text: string): string => `"${shortened(text).replaceAll('"', "'")}"`;

/** A name that somebody else chose, which stands in a sentence: as it is, or in quotation marks where it could be taken for one. */
export function named(name: string): string {
  const visible = shortened(name);
  return /^[\w+=,.@:/*$…-]+$/.test(visible) && !visible.includes('://') ? visible : quoted(visible);
}

function shortened(text: string): string {
  const visible = inOneLine(text);
  return visible.length <= LONGEST_QUOTE ? visible : `${visible.slice(0, LONGEST_QUOTE)}…`;
}
