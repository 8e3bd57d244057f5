/** What is wrong with an expression, in the words of an error: the rule that it breaks, and what to write. */
export class ScheduleSyntaxError extends Error {
  override readonly name = 'ScheduleSyntaxError';

  constructor(
    readonly rule: string,
    readonly write: string,
  ) {
    super(`${rule}: ${write}`);
  }
}
