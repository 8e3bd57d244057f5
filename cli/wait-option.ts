import { InvalidArgumentError, Option } from 'commander';

import { MINUTE, type Milliseconds } from '../contract/instant';

const DEFAULT_WAIT = 10 * MINUTE;

/** For commands that begin something which goes on without them. */
export const waitOption = (): Option =>
  new Option('--wait <minutes>', 'how long to wait for the end; 0: not at all')
    .argParser(toMinutes)
    .default(DEFAULT_WAIT, String(DEFAULT_WAIT / MINUTE));

function toMinutes(text: string): Milliseconds {
  const minutes = Number(text);
  if (text.trim() !== '' && minutes >= 0 && minutes <= 24 * 60) return minutes * MINUTE;
  throw new InvalidArgumentError('It is a number of minutes, from 0 to 1440.');
}
