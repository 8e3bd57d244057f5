import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green';

/** Prints the demo: plain lines, which read the same in a terminal and in a log; colours only on a terminal. */
export class Narrator {
  #chapters = 0;
  readonly #began = Date.now();

  constructor(
    private readonly write: (text: string) => void = (text) => void process.stdout.write(text),
    private readonly coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  ) {}

  /** A numbered heading, with the time since the start. */
  chapter(title: string): void {
    this.#chapters += 1;
    const elapsed = `${Math.round((Date.now() - this.#began) / 1000)} s`;
    this.write(
      `\n${this.#styled('bold', `${this.#chapters}. ${title}`)} ${this.#styled('dim', `[${elapsed}]`)}\n`,
    );
  }

  heading(title: string): void {
    this.write(`\n${this.#styled('bold', title)}\n`);
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.write(`   ${line}\n`);
  }

  gap(): void {
    this.write('\n');
  }

  /** Something that was checked. */
  good(text: string): void {
    this.write(`   ${this.#styled('green', 'ok')}  ${text}\n`);
  }

  /** A moment of something that is under way. */
  moment(seconds: number, text: string): void {
    this.write(`   ${this.#styled('dim', `${seconds.toFixed(1).padStart(5)} s`)}  ${text}\n`);
  }

  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    for (const [index, row] of rows.entries()) {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd();
      this.write(`   ${index === 0 ? this.#styled('dim', line) : line}\n`);
    }
  }

  #styled(style: Style, text: string): string {
    return this.coloured ? styleText(style, text, { validateStream: false }) : text;
  }
}
