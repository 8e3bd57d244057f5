/**
 * The one clock of the local AWS. It can be set ahead while everything runs, so that overlaps and grace periods
 * pass in no time; functions get the same shift from outside (lambda/bootstrap.mjs).
 */
export class SandboxClock {
  #shiftMs = 0;

  /** How far ahead of the machine's clock this one is, in milliseconds. */
  get shiftMs(): number {
    return this.#shiftMs;
  }

  set shiftMs(shiftMs: number) {
    this.#shiftMs = shiftMs;
  }

  now(): Date {
    return new Date(Date.now() + this.#shiftMs);
  }
}
