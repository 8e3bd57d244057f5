import { visible } from '../../contract/visible';

/*
 * Text of others stands in a page as text. There is one way to make HTML here, the template `html`, and it escapes whatever
 * is put into it, unless it was made by `html` itself.
 */

/** HTML that was made by `html` alone. `writeHtml` makes text of it. */
export class Html {
  constructor(readonly parts: readonly Part[]) {}
}

/** @see html */
export type Value = string | number | Html | undefined | readonly Value[] | (() => Iterable<Value>);

/** Text that is HTML already, or a value that is not looked at before its turn comes. */
type Part = { readonly raw: string } | { readonly value: Value };

/**
 * Makes HTML. Numbers and strings are escaped, for text and for attributes in double quotes; undefined is nothing; a function gives
 * its values one by one when the page is written, so that a long table is never in the memory as a whole.
 */
export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(
    texts.flatMap((raw, index): Part[] =>
      index < values.length ? [{ raw }, { value: values[index] }] : [{ raw }],
    ),
  );

/** Writes the page piece by piece, from its beginning to its end. */
export function writeHtml(value: Value, write: (text: string) => void): void {
  if (value === undefined) return;
  if (typeof value === 'string' || typeof value === 'number') write(escapeHtml(String(value)));
  else if (typeof value === 'function') for (const one of value()) writeHtml(one, write);
  else if (value instanceof Html) {
    for (const part of value.parts) {
      if ('raw' in part) write(part.raw);
      else writeHtml(part.value, write);
    }
  } else for (const one of value) writeHtml(one, write);
}

/**
 * Also the quotes, for attributes; what a terminal or an editor would obey or hide (such as the marks that turn the direction of
 * writing) is shown as its number.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html
 */
const escapeHtml = (text: string): string =>
  visible(text).replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
