import { InvalidArgumentError } from 'commander';

import { HOUR, MINUTE, SECOND, type Milliseconds } from '../../contract/instant';

const UNITS: Readonly<Record<string, Milliseconds>> = { s: SECOND, m: MINUTE, h: HOUR };

/** Reads `90s`, `5m`, `1h` from the command line. */
export const durationBetween =
  (least: Milliseconds, most: Milliseconds) =>
  (text: string): Milliseconds => {
    const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
    const duration = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
    if (duration >= least && duration <= most) return duration;
    throw new InvalidArgumentError(
      `Write a number with s, m or h, from ${shownDuration(least)} to ${shownDuration(most)}: 90s, 20m, 1h.`,
    );
  };

/** `90s`, `5m`, `1h` */
export const shownDuration = (duration: Milliseconds): string =>
  duration % HOUR === 0
    ? `${duration / HOUR}h`
    : duration % MINUTE === 0
      ? `${duration / MINUTE}m`
      : `${duration / SECOND}s`;
