import * as z from 'zod';

import { choice, duration, map } from './builders';
import { described } from './description';

/**
 * To tell whether a key is still in use one has to wait: AWS reports a key's last use up to hours late (it names no
 * bound; service data comes "usually within 4 hours"), and applications may keep a secret for an hour.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export const LEAST_OVERLAP_TO_HOLD = '6h';

/** They apply after the layers are merged, file, stack and user: see `mergeRotation`. */
export const ROTATION_DEFAULTS = { overlap: '24h', gracePeriod: '7d', maximumKeyAge: '90d' } as const;

/** When to rotate, and how long a previous key lives: the keys that `defaults` and users share. */
export const rotationKeys = {
  rotateEvery: duration({
    description:
      'The longest time from one rotation to the next. Secrets Manager counts it from the last rotation and chooses the time of day (UTC). Up to a tenth sooner, depending on the stable key, so that users who were made on one day do not all rotate on one day.',
    absent: 'every second month (59 to 62 days apart), on a day and at an hour that depend on the stable key',
    unit: 'd',
    example: '60d',
    limits: {
      pattern: /^[1-9]\d{0,4}[dh]$/,
      type: 'Duration in days (`60d`) or hours (`36h`)',
      rule: 'rotateEvery is a whole number of days or hours with its unit, d or h',
    },
  }).optional(),
  schedule: described(z.string(), {
    description:
      "Instead of `rotateEvery`: a schedule of one's own, in UTC, as Secrets Manager writes it: `cron(0 4 1 * ? *)` (six fields, on the hour) or `rate(60 days)`.",
    absent: 'see `rotateEvery`',
    type: 'Text',
    rule: () => 'a schedule is a text: a cron() or rate() expression of Secrets Manager',
    write: () => 'cron(0 4 1 * ? *)',
  }).optional(),
  window: duration({
    description:
      'How long after its scheduled start a rotation may begin, until midnight (UTC) at the latest. With `rotateEvery` it starts at midnight (UTC).',
    absent: '`3h`; with `rotateEvery` and `rate()` the whole day, `24h`',
    unit: 'h',
    example: '3h',
    limits: {
      pattern: /^([1-9]|1\d|2[0-4])h$/,
      type: 'Duration in whole hours, `1h` to `24h`',
      rule: 'a window is 1h to 24h, in whole hours',
    },
  }).optional(),
  overlap: duration({
    description:
      'How long the previous key stays usable after a rotation. `0h`: the rotation itself deactivates it. Longer than any cache of the applications.',
    unit: 'h',
    mergedDefault: ROTATION_DEFAULTS.overlap,
  }).optional(),
  gracePeriod: duration({
    description: 'How long the previous key is kept, deactivated, before it is deleted.',
    unit: 'd',
    mergedDefault: ROTATION_DEFAULTS.gracePeriod,
  }).optional(),
  maximumKeyAge: duration({
    description:
      'The policy: no key is usable for longer. The file is refused unless the longest time between two rotations, window, overlap and 4 days of reserve fit in it.',
    unit: 'd',
    mergedDefault: ROTATION_DEFAULTS.maximumKeyAge,
  }).optional(),
  whenStillInUse: choice(['hold', 'retire'], {
    description:
      'What becomes of a previous key that is still in use when its overlap is over. `hold`: it stays usable, and is reported, until the use ends. `retire`: it is deactivated all the same, and reported.',
    absent: `\`hold\`; with an overlap under ${LEAST_OVERLAP_TO_HOLD} \`retire\`, because AWS reports a key's use hours late`,
  }).optional(),
};

const defaults = (description: string, absent: string) =>
  map(rotationKeys, {
    description,
    absent,
    what: 'defaults',
    advice: 'remove the key, or give it at least one of these, such as overlap: 24h',
  });

export const defaultsSchema = defaults(
  'What holds for every user of every stack that says nothing else.',
  'the defaults of each key',
);

/** The same keys, for the users of one stack. */
export const stackDefaultsSchema = defaults(
  "What holds for every user of this stack that says nothing else; it wins over the file's `defaults`.",
  "the file's `defaults`",
);

/** As it is written, in one of the layers. */
export type RawRotation = z.input<typeof defaultsSchema>;
