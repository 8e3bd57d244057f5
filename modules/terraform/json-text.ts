/** Never in what people write, and JSON leaves it as it is: the first character of Unicode's private use area. */
const MARK = '\uE000';

/** The second one: around what brings the comma before it along. */
const MARK_WITH_COMMA = '\uE001';

/**
 * A part of a JSON text that only Terraform knows: stands in the text as it is, without quotes, so what it comes to has
 * to be JSON: `${jsonencode(var.readers)}`, or `${var.flag}` for a boolean.
 */
export class JsonReference {
  constructor(readonly expression: string) {}

  toJSON(): string {
    return `${MARK}${this.expression}${MARK}`;
  }
}

/** The list at an address of Terraform: `local.reader_accounts`. */
export const listAt = (address: string): JsonReference => new JsonReference(`\${jsonencode(${address})}`);

/** An element of a list, after others, that is there only where a condition holds which Terraform alone can tell. */
export class JsonElementWhere {
  constructor(
    readonly where: string,
    readonly element: unknown,
  ) {}

  toJSON(): string {
    return `${MARK_WITH_COMMA}%{ if ${this.where} },${jsonText(this.element)}%{ endif }${MARK_WITH_COMMA}`;
  }
}

/** Texts that are all known, or a list of which only Terraform knows what is in it. */
export type TextList = readonly string[] | JsonReference;

const MARKED = [
  new RegExp(`"${MARK}[^${MARK}]*${MARK}"`, 'g'),
  new RegExp(`,"${MARK_WITH_COMMA}[^${MARK_WITH_COMMA}]*${MARK_WITH_COMMA}"`, 'g'),
];

/** The value as JSON, with Terraform's parts in it. */
export const jsonText = (value: unknown): string =>
  MARKED.reduce((text, part) => text.replaceAll(part, withoutQuotes), JSON.stringify(value));

const withoutQuotes = (part: string): string => (JSON.parse(part.replace(/^,/, '')) as string).slice(1, -1);
