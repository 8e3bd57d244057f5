import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, itAccepts, itRefuses, NOW } from '../refusal';

itRefuses(
  'an address with a name around it',
  fileWithStack('alerts: { emails: [On Call <oncall@example.com>] }'),
)`
rotation.yaml:5:24 stacks.production.alerts.emails[0]
  found  'On Call <oncall@example.com>'
  rule   an entry of emails is one e-mail address, without a name around it
  write  oncall@example.com`;

itRefuses(
  'a FIFO topic',
  fileWithStack('alerts: { topicArns: [arn:aws:sns:eu-west-1:111122223333:oncall.fifo] }'),
)`
rotation.yaml:5:27 stacks.production.alerts.topicArns[0]
  found  'arn:aws:sns:eu-west-1:111122223333:oncall.fifo'
  rule   a topic is named by the ARN of a standard SNS topic; a FIFO topic cannot be used
  write  arn:aws:sns:eu-west-1:111122223333:oncall`;

itRefuses(
  'a topic of another region',
  fileWithStack('alerts: { topicArns: [arn:aws:sns:us-east-1:111122223333:oncall] }'),
)`
rotation.yaml:5:27 stacks.production.alerts.topicArns[0]
  found  'arn:aws:sns:us-east-1:111122223333:oncall'
  rule   the topic is in the stack's region, eu-west-1
  write  the ARN of a topic in eu-west-1: SNS publishes to none of another region`;

itRefuses(
  'a key of alerts of another region',
  fileWithStack('alerts: { kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/mrk-1 }'),
)`
rotation.yaml:5:15 stacks.production.alerts.kmsKeyArn
  found  'arn:aws:kms:us-east-1:111122223333:key/mrk-1'
  rule   the KMS key is in the stack's region, eu-west-1
  write  the ARN of a key in eu-west-1, or of a multi-region key's replica there`;

itRefuses('the same address twice', fileWithStack('alerts: { emails: [a@example.com, a@example.com] }'))`
rotation.yaml:5:39 stacks.production.alerts.emails[1]
  found  'a@example.com'
  rule   an entry stands only once in emails, and the list's entry 1 is the same
  write  one of the two`;

itRefuses(
  'a runbook at an address with an anchor',
  fileWithStack('alerts: { runbookUrl: "https://wiki.example.com/runbook#top" }'),
)`
rotation.yaml:5:15 stacks.production.alerts.runbookUrl
  found  'https://wiki.example.com/runbook#top'
  rule   runbookUrl is an https address of at most 400 visible characters, without a # and what follows it
  write  runbookUrl: https://wiki.example.com/iam-key-rotation/runbook`;

itRefuses('the name of a chat as format', fileWithStack('alerts: { format: slack }'))`
rotation.yaml:5:15 stacks.production.alerts.format
  found  'slack'
  rule   format is text or chat
  write  format: chat`;

itAccepts(
  'chat beside e-mails, which stay text',
  fileWithStack('alerts: { format: chat, emails: [oncall@example.com] }'),
);

itRefuses('perFunctionAlarms that is a text', fileWithStack('alerts: { perFunctionAlarms: no }'))`
rotation.yaml:5:15 stacks.production.alerts.perFunctionAlarms
  found  'no'
  rule   a yes or no is written true or false, without quotes
  write  perFunctionAlarms: false`;

itAccepts(
  'a topic of another account',
  fileWithStack('alerts: { topicArns: [arn:aws:sns:eu-west-1:444455556666:oncall] }'),
);

itRefuses(
  'a user whose function would be called as the one that tells people',
  fileWithStack('users: { notify: {} }'),
)`
rotation.yaml:5:14 stacks.production.users.notify
  found  'notify'
  rule   iam-events, leak-events, notify, retire, retire-schedule, rotate are reserved for what a stack has for all its users
  write  notify_user:, with userName: notify if the IAM user is called so`;

const warningsOf = (...lines: readonly string[]) =>
  parseConfiguration('rotation.yaml', fileWithStack(...lines), NOW).warnings;

it('a stack of which nobody is told is warned of', () => {
  expect(warningsOf('users: { ci: {} }')).toEqual([
    {
      path: 'stacks.production.alerts',
      text: expect.stringMatching(
        /nobody is told when a rotation fails or stops.*emails: \[oncall@example\.com\]/,
      ),
    },
  ]);
});

it.each([
  ['an address is', 'alerts: { emails: [oncall@example.com] }'],
  ['a topic is', 'alerts: { topicArns: [arn:aws:sns:eu-west-1:111122223333:oncall] }'],
  ['a channel of a chat is', 'alerts: { format: chat }'],
])('a stack of which nobody is told is not warned of where %s', (_what, alerts) => {
  expect(warningsOf(alerts, 'users: { ci: {} }')).toEqual([]);
});

it('a stack of which nobody is told is not warned of where there is nobody to rotate', () => {
  expect(warningsOf()).toEqual([]);
});
