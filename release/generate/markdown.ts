/* Markdown as the pages of docs/ have it. */

const WIDTH = 120;

/** A table of Markdown. */
export const table = (...rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** Lines of a paragraph. Blanks inside of code stay: no line breaks there. */
export function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    if (line !== '' && `${indent}${line} ${word}`.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** An item of a list. */
export const hanging = (text: string): string => wrapped(text, '  ');
