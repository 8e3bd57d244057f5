import { inOneLine } from './quoted';

/**
 * What chat would make a mention, a link or an entity of, and what stands there instead. Slack has no escape that Microsoft
 * Teams understands, so characters are replaced by others that look like them.
 */
const LOOKALIKES: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/</g, '‹'],
  [/>/g, '›'],
  [/&(?=#?\w+;)/g, '＆'],
  // Within a word, as in the name of an IAM user, it mentions nobody, and commands with it can be copied.
  [/(?<!\w)@/g, '＠'],
  [/:\/\//g, '[:]//'],
  [/\]\(/g, '] ('],
];

/** Without mentions and links, whoever wrote it. */
export const harmless = (text: string): string =>
  LOOKALIKES.reduce((known, [pattern, instead]) => known.replaceAll(pattern, instead), text);

/** A name or a value, as it is to be read: chat makes no emoji of `:iam:` there, and nothing slanted of `_x_`. */
export const inCode = (text: string, most: number): string =>
  `\`${shortenedTo(most, withoutBackticks(harmless(inOneLine(text))))}\``;

/** The same of several lines. */
export function inBlock(text: string, most: number): string {
  const lines = text.split('\n').map((line) => withoutBackticks(harmless(inOneLine(line))));
  return `\`\`\`\n${shortenedTo(most, lines.join('\n').trim())}\n\`\`\``;
}

/** A full stop ends a sentence unless it is in code or in a word. */
export const sentencesOf = (text: string): readonly string[] =>
  (text.match(/(?:`[^`]*`|[^`.]|\.(?=\S))+\.?/g) ?? []).map((sentence) => sentence.trim());

/** Never half a character at its end. */
export const shortenedTo = (most: number, text: string): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Cs}$/u, '')}…`;

const withoutBackticks = (text: string): string => text.replaceAll('`', "'");
