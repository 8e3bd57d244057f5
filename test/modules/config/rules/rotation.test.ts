import { fileWithUser, itRefuses, problemsOf } from '../refusal';

describe('A rotation', () => {
  itRefuses('under 4 hours', fileWithUser('rotateEvery: 3h'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.rotateEvery
  found  '3h'
  rule   Secrets Manager takes intervals from 4 hours to 999 days
  write  rotateEvery: 60d`;

  it('suggests no interval that Secrets Manager does not take either', () => {
    const shown = problemsOf(fileWithUser('gracePeriod: 1000d'));

    expect(shown).toContain('write  a shorter gracePeriod or overlap');
    expect(shown).not.toMatch(/rotateEvery: \d{4}d/);
  });

  itRefuses('of more days than Secrets Manager takes', fileWithUser('rotateEvery: 1000d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.rotateEvery
  found  '1000d'
  rule   Secrets Manager takes intervals from 4 hours to 999 days
  write  rotateEvery: 60d`;

  itRefuses('said twice', fileWithUser('rotateEvery: 60d', 'schedule: rate(60 days)'))`
rotation.yaml:8:9 stacks.production.users.ci-deployer.schedule
  found  'rate(60 days)'
  rule   rotateEvery and schedule exclude each other: both say when to rotate
  write  one of the two`;

  itRefuses('too often for overlap and grace period', fileWithUser('rotateEvery: 9d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.rotateEvery
  found  '9d'
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 7d gracePeriod + 1d window + 1d between = 10d apart; here they can be 9d apart
  write  rotateEvery: 10d or longer, or a shorter gracePeriod or overlap`;

  itRefuses("too often by a schedule of one's own", fileWithUser('schedule: cron(0 4 ? * MON *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 ? * MON *)'
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 7d gracePeriod + 3h window + 1d between = 9d 3h apart; here they can be 7d apart
  write  rotateEvery: 10d or longer, or a shorter gracePeriod or overlap`;

  itRefuses('too often for a long grace period', fileWithUser('gracePeriod: 60d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.gracePeriod
  found  '60d'
  rule   a rotation needs a free key slot, so two rotations are at least 1d overlap + 60d gracePeriod + 3h window + 1d between = 62d 3h apart; here they can be 59d apart
  write  rotateEvery: 63d or longer, or a shorter gracePeriod or overlap`;

  itRefuses('too seldom for the maximum key age', fileWithUser('rotateEvery: 85d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.rotateEvery
  found  '85d'
  rule   no key is usable for longer than maximumKeyAge, 90d; here it can be: 85d between two rotations + 1d window + 1d overlap + 4d reserve = 91d
  write  rotateEvery: 84d or shorter, or maximumKeyAge: 91d or longer`;

  itRefuses('by default too seldom for a strict maximum key age', fileWithUser('maximumKeyAge: 30d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.maximumKeyAge
  found  '30d'
  rule   no key is usable for longer than maximumKeyAge, 30d; here it can be: 62d between two rotations + 3h window + 1d overlap + 4d reserve = 67d 3h
  write  rotateEvery: 24d or shorter, or maximumKeyAge: 68d or longer`;

  itRefuses('with a maximum key age that no interval can keep', fileWithUser('maximumKeyAge: 10d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.maximumKeyAge
  found  '10d'
  rule   no key is usable for longer than maximumKeyAge, 10d; here it can be: 62d between two rotations + 3h window + 1d overlap + 4d reserve = 67d 3h
  write  maximumKeyAge: 68d or longer`;

  itRefuses("too seldom by a schedule of one's own", fileWithUser('schedule: cron(0 4 1 1,4,7,10 ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1 1,4,7,10 ? *)'
  rule   no key is usable for longer than maximumKeyAge, 90d; here it can be: 92d between two rotations + 3h window + 1d overlap + 4d reserve = 97d 3h
  write  rotateEvery: 84d or shorter, or maximumKeyAge: 98d or longer`;

  itRefuses(
    'too seldom by defaults, told once for all users',
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
});

describe('A schedule', () => {
  itRefuses('in words', fileWithUser('schedule: every month'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'every month'
  rule   a schedule is a cron() or rate() expression of Secrets Manager
  write  schedule: cron(0 4 1 * ? *), or schedule: rate(60 days)`;

  itRefuses('of five fields', fileWithUser('schedule: cron(0 4 1 * ?)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1 * ?)'
  rule   cron() has six fields (minutes, hours, day of month, month, day of week, year); this one has 5
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('that is not on the hour', fileWithUser('schedule: cron(30 4 1 * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(30 4 1 * ? *)'
  rule   minutes are 0, not '30': rotation windows open on the hour
  write  schedule: cron(0 4 1 * ? *)`;

  itRefuses('of several hours', fileWithUser('schedule: cron(0 4,16 1 * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4,16 1 * ? *)'
  rule   hours are one number from 0 to 23 (UTC), not '4,16': a user is rotated at most once a day
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('of an hour that there is not', fileWithUser('schedule: cron(0 24 1 * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 24 1 * ? *)'
  rule   hours are one number from 0 to 23 (UTC), not '24': a user is rotated at most once a day
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('of a single year', fileWithUser('schedule: cron(0 4 1 * ? 2027)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1 * ? 2027)'
  rule   the year is *, not '2027': Secrets Manager knows no schedule for single years
  write  schedule: cron(0 4 1 * ? *)`;

  itRefuses('with two kinds of days', fileWithUser('schedule: cron(0 4 1 * MON *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1 * MON *)'
  rule   exactly one of the day of month and the day of week is '?': the other one names the days
  write  schedule: cron(0 4 1 * ? *) for a day of the month, cron(0 4 ? * MON *) for a day of the week`;

  itRefuses('with no days', fileWithUser('schedule: cron(0 4 ? * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 ? * ? *)'
  rule   exactly one of the day of month and the day of week is '?': the other one names the days
  write  schedule: cron(0 4 1 * ? *) for a day of the month, cron(0 4 ? * MON *) for a day of the week`;

  itRefuses('with a weekday nearest to a day', fileWithUser('schedule: cron(0 4 1W * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1W * ? *)'
  rule   the day of month knows no W ('1W'): Secrets Manager's schedules have none
  write  schedule: cron(0 4 ? * MON#1 *), the first Monday, or a day of the month without W`;

  itRefuses('with a sixth week', fileWithUser('schedule: cron(0 4 ? * TUE#6 *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 ? * TUE#6 *)'
  rule   the number after # is 1 to 5, not '6'
  write  schedule: cron(0 4 ? * TUE#1 *)`;

  itRefuses('with a month that there is not', fileWithUser('schedule: cron(0 4 1 13 ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1 13 ? *)'
  rule   the month is 1 to 12 or JAN to DEC, in ascending ranges, lists and steps; '13' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('with a weekday that there is not', fileWithUser('schedule: cron(0 4 ? * MONDAY *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 ? * MONDAY *)'
  rule   the day of week is 1 to 7 or SUN to SAT, in ascending ranges, lists and steps; 'MONDAY' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('with a range that runs backwards', fileWithUser('schedule: cron(0 4 ? * FRI-MON *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 ? * FRI-MON *)'
  rule   the day of week is 1 to 7 or SUN to SAT, in ascending ranges, lists and steps; 'FRI-MON' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('with a step of nothing', fileWithUser('schedule: cron(0 4 1/0 * ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 1/0 * ? *)'
  rule   the day of month is 1 to 31, in ascending ranges, lists and steps; '1/0' is not
  write  schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day`;

  itRefuses('that never comes', fileWithUser('schedule: cron(0 4 30 2 ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 30 2 ? *)'
  rule   the days of a schedule come round every year; these never do
  write  schedule: cron(0 4 1 * ? *), with days that every year has`;

  itRefuses('that leaves out years', fileWithUser('schedule: cron(0 4 29 FEB ? *)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 4 29 FEB ? *)'
  rule   the days of a schedule come round every year; these are up to 1461 days apart
  write  schedule: cron(0 4 1 * ? *), with days that every year has`;

  itRefuses(
    'whose window runs into the next day',
    fileWithUser('schedule: cron(0 22 1 * ? *)', 'window: 3h'),
  )`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'cron(0 22 1 * ? *)'
  rule   a window that opens at 22:00 UTC closes by midnight: it lasts at most 2h, not 3h
  write  window: 2h or less, or a schedule with an earlier hour`;

  itRefuses(
    "whose window is longer than the defaults' schedule allows",
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

  itRefuses('at a rate under 4 hours', fileWithUser('schedule: rate(3 hours)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'rate(3 hours)'
  rule   rate() has a whole number of hours or days, from 4 hours to 999 days
  write  schedule: rate(60 days)`;

  itRefuses('at a rate in weeks', fileWithUser('schedule: rate(2 weeks)'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  'rate(2 weeks)'
  rule   rate() has a whole number of hours or days, from 4 hours to 999 days
  write  schedule: rate(60 days)`;
});
