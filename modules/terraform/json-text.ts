/** Never in what people write, and JSON leaves it as it is: the first character of Unicode's private use area. */
const MARK = '\uE000';

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

/** Texts that are all known, or a list of which only Terraform knows what is in it. */
export type TextList = readonly string[] | JsonReference;

/** The value as JSON, with Terraform's parts in it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(new RegExp(`"${MARK}[^${MARK}]*${MARK}"`, 'g'), (quoted) =>
    (JSON.parse(quoted) as string).slice(1, -1),
  );
}
