import { HOUR, MINUTE } from '../../contract/instant';
import type { RecordedCall } from '../front/recorder';
import type { LocalAws } from '../local-aws';
import { runDue } from './run-due';

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: 24 * HOUR };

const MOST_AHEAD = 100 * 365 * 24 * HOUR;

export const HOW_TO_USE = [
  'Type here, and press Enter:',
  '  +1h     set the clock of the local AWS ahead, by minutes, hours or days: +30m, +25h, +7d',
  '  run     run what is due: rotations, and every schedule once',
  '  mails   show the messages that were sent to topics since the last time',
];

/** What a person types beside a local AWS. */
export class Terminal {
  /** The last call that was looked at; what came before it may be forgotten meanwhile. */
  #seen: RecordedCall | undefined;

  constructor(
    private readonly aws: LocalAws,
    private readonly say: (line: string) => void,
  ) {}

  /** Never fails: what went wrong is said. */
  async carryOut(line: string): Promise<void> {
    try {
      await this.#do(line.trim());
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  async #do(line: string): Promise<void> {
    const [, count, unit = ''] = /^\+\s*(\d+)\s*([mhd])$/.exec(line) ?? [];
    if (count !== undefined) {
      const shift = this.aws.clockShiftMs + Number(count) * (UNITS[unit] ?? 0);
      if (shift > MOST_AHEAD)
        throw new Error('The clock goes ahead by 100 years at most. It stays as it is.');
      this.aws.clockShiftMs = shift;
      this.say(`It is ${this.aws.now().toISOString()}. Nothing has run yet: run`);
    } else if (line === 'run') await runDue(this.aws, this.say);
    else if (line === 'mails') this.#showMessages();
    else if (line !== '') for (const help of HOW_TO_USE) this.say(help);
  }

  #showMessages(): void {
    const calls = this.aws.calls();
    const sent = calls
      .slice(this.#seen === undefined ? 0 : calls.lastIndexOf(this.#seen) + 1)
      .filter(({ service, action, errorCode }) => service === 'sns' && action === 'Publish' && !errorCode);
    this.#seen = calls.at(-1) ?? this.#seen;
    if (sent.length === 0) this.say('No message was sent.');
    for (const { time, parameters } of sent) {
      this.say(`${time.toISOString()}  ${String(parameters['Subject'])}`);
      for (const text of String(parameters['Message']).split('\n')) this.say(`    ${text}`);
    }
  }
}
