import * as z from 'zod';

import { duration, inUnit } from './duration';
import { key } from './wording';

/**
 * To tell whether a key is still in use one has to wait: AWS reports a key's last use up to hours late (it names no
 * bound; service data comes "usually within 4 hours"), and applications may keep a secret for an hour.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export const LEAST_OVERLAP_TO_HOLD = '6h';

/** When to rotate, and how long a previous key lives: the keys that `defaults` and users share. */
export const rotationKeys = {
  rotateEvery: key(z.string().regex(/^[1-9]\d{0,4}[dh]$/), {
    description:
      'The longest time from one rotation to the next, in days (`60d`) or hours (`36h`). Secrets Manager counts it from the last rotation and chooses the time of day (UTC). Up to a tenth sooner, depending on the stable key, so that users made together part.',
    absent: 'every second month (59 to 62 days apart), on a day and at an hour that depend on the stable key',
    rule: 'rotateEvery is a whole number of days or hours with its unit, d or h',
    write: inUnit('d', '60d'),
  }).optional(),
  schedule: key(z.string(), {
    description:
      "Instead of `rotateEvery`: a schedule of one's own, in UTC, as Secrets Manager writes it: `cron(0 4 1 * ? *)` (six fields, on the hour) or `rate(60 days)`.",
    absent: 'see `rotateEvery`',
    rule: 'a schedule is a text: a cron() or rate() expression of Secrets Manager',
    write: 'cron(0 4 1 * ? *)',
  }).optional(),
  window: key(z.string().regex(/^([1-9]|1\d|2[0-4])h$/), {
    description:
      'How long after its scheduled start a rotation may begin, in whole hours, until midnight (UTC) at the latest. With `rotateEvery` it starts at midnight (UTC).',
    absent: '`3h`; with `rotateEvery` and `rate()` the whole day, `24h`',
    rule: 'a window is 1h to 24h, in whole hours',
    write: inUnit('h', '3h'),
  }).optional(),
  overlap: duration({
    description:
      'How long the previous key stays usable after a rotation. `0h`: the rotation itself deactivates it. Longer than any cache of the applications.',
    unit: 'h',
    default: '24h',
  }).optional(),
  gracePeriod: duration({
    description: 'How long the previous key is kept, deactivated, before it is deleted.',
    unit: 'd',
    default: '7d',
  }).optional(),
  maximumKeyAge: duration({
    description:
      'The policy: no key is usable for longer. The file is refused unless the longest time between two rotations, window, overlap and 4 days of reserve fit in it.',
    unit: 'd',
    default: '90d',
  }).optional(),
  whenStillInUse: key(z.enum(['hold', 'retire']), {
    description:
      'What becomes of a previous key that is still in use when its overlap is over. `hold`: it stays usable, and is reported, until the use ends. `retire`: it is deactivated all the same, and reported.',
    absent: `\`hold\`; with an overlap under ${LEAST_OVERLAP_TO_HOLD} \`retire\`, because AWS reports a key's use hours late`,
    rule: 'whenStillInUse is hold or retire',
    write: 'hold',
  }).optional(),
};

export const defaultsSchema = key(z.strictObject(rotationKeys), {
  description: 'What holds for every user of every stack that says nothing else.',
  absent: 'the defaults below',
  rule: 'defaults is a map with the keys rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge, whenStillInUse',
  write: () => 'remove the key, or give it at least one of these, such as overlap: 24h',
});

/** The same keys, for the users of one stack. */
export const stackDefaultsSchema = key(z.strictObject(rotationKeys), {
  description:
    "What holds for every user of this stack that says nothing else; it wins over the file's `defaults`.",
  absent: "the file's `defaults`",
  rule: 'defaults is a map with the keys rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge, whenStillInUse',
  write: () => 'remove the key, or give it at least one of these, such as overlap: 24h',
});

export type RawRotation = z.output<typeof defaultsSchema>;
