import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, NOW } from '../refusal';

const KMS = 'kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const parse = (text: string) => parseConfiguration('rotation.yaml', text, NOW);
const ALERTS = 'alerts: { emails: [oncall@example.com] }';
const withKey = (user: string) => parse(fileWithStack(KMS, ALERTS, `users: { app: ${user} }`));

it('a user that may read its own secret is one that says so', () => {
  const isAllowed = (...lines: string[]) => parse(fileWithUser(...lines)).stacks[0]!.users[0]!.selfRenewal;
  expect([isAllowed('path: /'), isAllowed('selfRenewal: true')]).toEqual([false, true]);
});

it('a person is told of a user that may read its own secret where the user exists already and a customer key encrypts its secret', () => {
  expect(withKey('{ existing: true, selfRenewal: true }').warnings).toEqual([
    {
      path: 'stacks.production.users.app.selfRenewal',
      text:
        'stacks.production.users.app.selfRenewal: the existing user app stays as it is, so it is not given kms:Decrypt ' +
        `on ${KMS.slice('kmsKeyArn: '.length)}, without which it cannot read its secret. Allow it in the policy of ` +
        'that key, or in one of the user.',
    },
  ]);
});

it.each([
  ['is made here, and so is given what it needs', () => withKey('{ selfRenewal: true }')],
  ['may not read its secret at all', () => withKey('{ existing: true }')],
  [
    'has a secret that AWS’s own key encrypts',
    () => parse(fileWithStack(ALERTS, 'users: { app: { existing: true, selfRenewal: true } }')),
  ],
])('nobody is warned of a user that %s', (_why, configuration) => {
  expect(configuration().warnings).toEqual([]);
});
