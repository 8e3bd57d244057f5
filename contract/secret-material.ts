const MASK = '***';

/**
 * A string that must not be shown. It prints as `***` wherever values get printed by accident
 * (template strings, JSON, console, util.inspect); only `reveal()` gives the text, so every place
 * that uses it can be found by that name.
 */
export class SecretMaterial {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
