import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, itRefuses, itRefusesOfUser, NOW } from '../refusal';

const parse = (until: string) =>
  parseConfiguration(
    'rotation.yaml',
    fileWithStack(
      'alerts: { emails: [oncall@example.com] }',
      'users:',
      '  ci-deployer:',
      `    exemption: { reason: audit, until: ${until} }`,
    ),
    NOW,
  );

itRefuses(
  'an exemption without an end',
  fileWithUser('exemption: { reason: the new gateway is not there yet }'),
)`
rotation.yaml:7:9 stacks.production.users.ci-deployer.exemption.until
  found  nothing
  rule   until is a day, or a day and a time in UTC
  write  until: 2027-01-31`;

itRefuses(
  'an exemption without a reason, or with an empty one',
  [
    fileWithUser('exemption: { until: 2027-01-31 }'),
    "  other: { accountId: '444455556666', region: eu-west-1, users: { a: { exemption: { reason: ' ', until: 2027-01-31 } } } }",
    '',
  ].join(''),
)`
rotation.yaml:7:9 stacks.production.users.ci-deployer.exemption.reason
  found  nothing
  rule   a reason is a text of 1 to 256 visible characters in one line
  write  reason: waits for the new mail gateway, ticket 4711

rotation.yaml:8:85 stacks.other.users.a.exemption.reason
  found  ' '
  rule   a reason is a text of 1 to 256 visible characters in one line
  write  reason: waits for the new mail gateway, ticket 4711`;

itRefusesOfUser('an exemption that is no map', 'exemption: true')`
  found  true (a yes or no, as it has no quotes)
  rule   exemption is a map with reason and until
  write  exemption: { reason: "waits for the new mail gateway", until: 2027-01-31 }`;

itRefuses(
  'an exemption until a day in words',
  fileWithUser('exemption: { reason: audit, until: next spring }'),
)`
rotation.yaml:7:37 stacks.production.users.ci-deployer.exemption.until
  found  'next spring'
  rule   until is a day, or a day and a time in UTC
  write  until: 2027-01-31`;

itRefuses(
  'an exemption until a time in another zone',
  fileWithUser('exemption: { reason: audit, until: 2027-01-31T18:00+01:00 }'),
)`
rotation.yaml:7:37 stacks.production.users.ci-deployer.exemption.until
  found  '2027-01-31T18:00+01:00'
  rule   until is a day, or a day and a time in UTC
  write  until: 2027-01-31`;

itRefuses(
  'an exemption until a day that the calendar does not have',
  fileWithUser('exemption: { reason: audit, until: 2027-02-30 }'),
)`
rotation.yaml:7:37 stacks.production.users.ci-deployer.exemption.until
  found  '2027-02-30'
  rule   until is a day that the calendar has, and a time that a clock shows
  write  until: 2027-11-23`;

itRefuses(
  'an exemption of more than a year',
  fileWithUser('exemption: { reason: audit, until: 2027-11-25 }'),
)`
rotation.yaml:7:37 stacks.production.users.ci-deployer.exemption.until
  found  '2027-11-25'
  rule   an exemption ends at most a year ahead: who needs it for longer renews it
  write  until: 2027-11-23 or sooner`;

it.each([
  ['2027-01-31', '2027-02-01T00:00:00.000Z'],
  ['2027-01-31T18:00Z', '2027-01-31T18:00:00.000Z'],
  ['2027-01-31T18:00:30Z', '2027-01-31T18:00:30.000Z'],
])('an exemption until %s ends at %s', (until, end) => {
  expect(parse(until).stacks[0]?.users[0]?.exemption).toEqual({ reason: 'audit', until: end });
});

it('an exemption that is over is a warning, and stays as it is', () => {
  const { warnings, stacks } = parse('2026-11-22');

  expect(warnings).toEqual([
    {
      path: 'stacks.production.users.ci-deployer.exemption',
      text:
        'stacks.production.users.ci-deployer.exemption: the exemption ended at 2026-11-23T00:00:00.000Z, so the ' +
        "user's keys are rotated and retired again. Take the entry out, or give it a later end.",
    },
  ]);
  expect(stacks[0]?.users[0]?.exemption).toBeDefined();
  expect(parse('2026-11-23').warnings).toEqual([]);
});
