import { fileWithUser, itRefuses, itRefusesOfUser, problemsOf } from '../refusal';

itRefusesOfUser('a rotation under 4 hours', 'rotateEvery: 3h')`
  rule   Secrets Manager takes intervals from 4 hours to 999 days
  write  rotateEvery: 60d`;

it('a rotation suggests no interval that Secrets Manager does not take either', () => {
  const shown = problemsOf(fileWithUser('gracePeriod: 1000d'));

  expect(shown).toContain('write  a shorter gracePeriod or overlap');
  expect(shown).not.toMatch(/rotateEvery: \d{4}d/);
});

itRefusesOfUser('a rotation of more days than Secrets Manager takes', 'rotateEvery: 1000d')`
  rule   Secrets Manager takes intervals from 4 hours to 999 days
  write  rotateEvery: 60d`;

itRefuses('a rotation said twice', fileWithUser('rotateEvery: 60d', 'schedule: rate(60 days)'))`
rotation.yaml:8:9 stacks.production.users.ci-deployer.schedule
  found  'rate(60 days)'
  rule   rotateEvery and schedule exclude each other: both say when to rotate
  write  one of the two`;

itRefusesOfUser('a rotation too often for overlap and grace period', 'rotateEvery: 9d')`
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 7d gracePeriod + 1d window + 1d between = 10d apart; here they can be 9d apart
  write  rotateEvery: 10d or longer, or a shorter gracePeriod or overlap`;

itRefusesOfUser("a rotation too often by a schedule of one's own", 'schedule: cron(0 4 ? * MON *)')`
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 7d gracePeriod + 3h window + 1d between = 9d 3h apart; here they can be 7d apart
  write  rotateEvery: 10d or longer, or a shorter gracePeriod or overlap`;

itRefusesOfUser('a rotation too often for a long grace period', 'gracePeriod: 60d')`
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 60d gracePeriod + 3h window + 1d between = 62d 3h apart; here they can be 59d apart
  write  rotateEvery: 63d or longer, or a shorter gracePeriod or overlap`;

itRefusesOfUser('a rotation too seldom for the maximum key age', 'rotateEvery: 85d')`
  rule   no key is usable for longer than maximumKeyAge, 90d; here it can be: 85d between two rotations + 1d window + 1d overlap + 4d reserve = 91d
  write  rotateEvery: 84d or shorter, or maximumKeyAge: 91d or longer`;

itRefusesOfUser('a rotation by default too seldom for a strict maximum key age', 'maximumKeyAge: 30d')`
  rule   no key is usable for longer than maximumKeyAge, 30d; here it can be: 62d between two rotations + 3h window + 1d overlap + 4d reserve = 67d 3h
  write  rotateEvery: 24d or shorter, or maximumKeyAge: 68d or longer`;

itRefusesOfUser('a rotation with a maximum key age that no interval can keep', 'maximumKeyAge: 10d')`
  rule   no key is usable for longer than maximumKeyAge, 10d; here it can be: 62d between two rotations + 3h window + 1d overlap + 4d reserve = 67d 3h
  write  maximumKeyAge: 68d or longer`;

itRefusesOfUser("a rotation too seldom by a schedule of one's own", 'schedule: cron(0 4 1 1,4,7,10 ? *)')`
  rule   no key is usable for longer than maximumKeyAge, 90d; here it can be: 92d between two rotations + 3h window + 1d overlap + 4d reserve = 97d 3h
  write  rotateEvery: 84d or shorter, or maximumKeyAge: 98d or longer`;

itRefuses(
  'a rotation too seldom by defaults, told once for all users',
  [
    'defaults:',
    '  rotateEvery: 90d',
    'stacks:',
    "  a: { accountId: '111122223333', region: eu-west-1, users: { one: {}, two: { path: /x/ }, three: { rotateEvery: 30d } } }",
    '',
  ].join('\n'),
)`
rotation.yaml:2:3 defaults.rotateEvery
  found  '90d'
  rule   no key is usable for longer than maximumKeyAge, 90d; here it can be: 90d between two rotations + 1d window + 1d overlap + 4d reserve = 96d
  write  rotateEvery: 84d or shorter, or maximumKeyAge: 96d or longer`;

itRefusesOfUser('a schedule in words', 'schedule: every month')`
  rule   a schedule is a cron() or rate() expression of Secrets Manager
  write  schedule: cron(0 4 1 * ? *), or schedule: rate(60 days)`;

itRefusesOfUser('a schedule of five fields', 'schedule: cron(0 4 1 * ?)')`
  rule   cron() has six fields (minutes, hours, day of month, month, day of week, year); this one has 5
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule that is not on the hour', 'schedule: cron(30 4 1 * ? *)')`
  rule   minutes are 0, not '30': rotation windows open on the hour
  write  schedule: cron(0 4 1 * ? *)`;

itRefusesOfUser('a schedule of several hours', 'schedule: cron(0 4,16 1 * ? *)')`
  rule   hours are one number from 0 to 23 (UTC), not '4,16': a user is rotated at most once a day
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule of an hour that there is not', 'schedule: cron(0 24 1 * ? *)')`
  rule   hours are one number from 0 to 23 (UTC), not '24': a user is rotated at most once a day
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule of a single year', 'schedule: cron(0 4 1 * ? 2027)')`
  rule   the year is *, not '2027': Secrets Manager knows no schedule for single years
  write  schedule: cron(0 4 1 * ? *)`;

itRefusesOfUser('a schedule with two kinds of days', 'schedule: cron(0 4 1 * MON *)')`
  rule   exactly one of the day of month and the day of week is '?': the other one names the days
  write  schedule: cron(0 4 1 * ? *) for a day of the month, cron(0 4 ? * MON *) for a day of the week`;

itRefusesOfUser('a schedule with no days', 'schedule: cron(0 4 ? * ? *)')`
  rule   exactly one of the day of month and the day of week is '?': the other one names the days
  write  schedule: cron(0 4 1 * ? *) for a day of the month, cron(0 4 ? * MON *) for a day of the week`;

itRefusesOfUser('a schedule with a weekday nearest to a day', 'schedule: cron(0 4 1W * ? *)')`
  rule   the day of month knows no W ('1W'): Secrets Manager's schedules have none
  write  schedule: cron(0 4 ? * MON#1 *), the first Monday, or a day of the month without W`;

itRefusesOfUser('a schedule with a sixth week', 'schedule: cron(0 4 ? * TUE#6 *)')`
  rule   the number after # is 1 to 5, not '6'
  write  schedule: cron(0 4 ? * TUE#1 *)`;

itRefusesOfUser('a schedule with a month that there is not', 'schedule: cron(0 4 1 13 ? *)')`
  rule   the month is 1 to 12 or JAN to DEC, in ascending ranges, lists and steps; '13' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule with a weekday that there is not', 'schedule: cron(0 4 ? * MONDAY *)')`
  rule   the day of week is 1 to 7 or SUN to SAT, in ascending ranges, lists and steps; 'MONDAY' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule with a range that runs backwards', 'schedule: cron(0 4 ? * FRI-MON *)')`
  rule   the day of week is 1 to 7 or SUN to SAT, in ascending ranges, lists and steps; 'FRI-MON' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule with a step of nothing', 'schedule: cron(0 4 1/0 * ? *)')`
  rule   the day of month is 1 to 31, in ascending ranges, lists and steps; '1/0' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

itRefusesOfUser('a schedule that never comes', 'schedule: cron(0 4 30 2 ? *)')`
  rule   the days of a schedule come round every year; these never do
  write  schedule: cron(0 4 1 * ? *), with days that every year has`;

itRefusesOfUser('a schedule that leaves out years', 'schedule: cron(0 4 29 FEB ? *)')`
  rule   the days of a schedule come round every year; these are up to 1461 days apart
  write  schedule: cron(0 4 1 * ? *), with days that every year has`;

itRefuses(
  'a schedule whose window runs into the next day',
  fileWithUser('schedule: cron(0 22 1 * ? *)', 'window: 3h'),
)`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 22 1 * ? *)'
  rule   a window that opens at 22:00 UTC closes by midnight: it lasts at most 2h, not 3h
  write  window: 2h or less, or a schedule with an earlier hour`;

itRefuses(
  "a schedule whose window is longer than the defaults' schedule allows",
  [
    'defaults: { schedule: cron(0 22 1 * ? *) }',
    'stacks:',
    "  a: { accountId: '111122223333', region: eu-west-1, users: { one: { window: 3h } } }",
    '',
  ].join('\n'),
)`
rotation.yaml:3:70 stacks.a.users.one.window
  found  '3h'
  rule   a window that opens at 22:00 UTC closes by midnight: it lasts at most 2h, not 3h
  write  window: 2h or less, or a schedule with an earlier hour`;

itRefusesOfUser('a schedule at a rate under 4 hours', 'schedule: rate(3 hours)')`
  rule   rate() has a whole number of hours or days, from 4 hours to 999 days
  write  schedule: rate(60 days)`;

itRefusesOfUser('a schedule at a rate in weeks', 'schedule: rate(2 weeks)')`
  rule   rate() has a whole number of hours or days, from 4 hours to 999 days
  write  schedule: rate(60 days)`;
