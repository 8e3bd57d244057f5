/** One word of bash and zsh, in quotation marks. */
export const inSingleQuotes = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * A text as one word of a shell, for a command that a person copies: as it is, or in quotation marks where the shell would read something
 * else in it.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
export const shellWord = (text: string): string =>
  /^[\w./@:+=,-]+$/.test(text) ? text : inSingleQuotes(text);
