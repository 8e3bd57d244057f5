import { ConfigurationError } from '../../../../modules/config/problem';
import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import type { PartFiles } from '../../../../modules/config/reading/included-parts';
import { fileWithStack, NOW } from '../refusal';

const POLICY = 'arn:aws:iam::111122223333:policy';
const ROLE = 'arn:aws:iam::111122223333:role';

/** What is refused of a user in an included file, where the stack's file allows this. */
function refusedIn(user: string, allow: string): readonly string[] {
  const parts: PartFiles = {
    matching: () => ['teams/payments.yaml'],
    isInside: () => true,
    read: () => `users:\n  payments-api: { ${user} }\n`,
  };
  const own = `own: { existing: true, readers: ['${ROLE}/anybody'] }`;
  try {
    const text = fileWithStack(`allow: ${allow}`, 'include: [teams/*.yaml]', `users: { ${own} }`);
    parseConfiguration('rotation.yaml', text, NOW, parts);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.problems.map(({ file, path, rule }) => `${file} ${path.at(-1)}: ${rule}`);
    }
    throw error;
  }
  return [];
}

const INLINE = "inlinePolicies: { all: { Statement: { Effect: Allow, Action: '*', Resource: '*' } } }";

const refusal = (key: string, limit: string): string =>
  `teams/payments.yaml ${key}: stacks.production.allow.${limit} limits what this file may say, and does not admit it`;

describe('what the owner of a stack allows in the files that it includes', () => {
  it.each([
    ['a user that is there already', 'existing: true', '{ existing: false }', 'existing', 'existing'],
    ['a user that is imported', 'import: true', '{ existing: false }', 'import', 'existing'],
    [
      'another user name',
      'userName: break-glass-admin',
      "{ userNames: ['payments-*'] }",
      'userName',
      'userNames',
    ],
    ['another path', 'path: /platform/', '{ paths: [/payments/] }', 'path', 'paths'],
    [
      'a policy',
      `policyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']`,
      `{ policyArns: ['${POLICY}/payments/*'] }`,
      'policyArns',
      'policyArns',
    ],
    [
      'any policy',
      `policyArns: ['${POLICY}/payments/api']`,
      '{ policyArns: [] }',
      'policyArns',
      'policyArns',
    ],
    ['another group', 'groups: [admins]', "{ groups: ['payments-*'] }", 'groups', 'groups'],
    ['a group, where policies are limited', 'groups: [admins]', '{ policyArns: [] }', 'groups', 'policyArns'],
    ['an inline policy', INLINE, '{ inlinePolicies: false }', 'inlinePolicies', 'inlinePolicies'],
    [
      'an inline policy, where policies are limited',
      INLINE,
      `{ policyArns: ['${POLICY}/payments/*'] }`,
      'inlinePolicies',
      'policyArns',
    ],
    ['a reader', `readers: ['${ROLE}/other']`, `{ readers: ['${ROLE}/payments-*'] }`, 'readers', 'readers'],
  ])('does not include %s, which it did not admit', (_, user, allow, key, limit) => {
    expect(refusedIn(user, allow)).toEqual([refusal(key, limit)]);
    expect(refusedIn(user, '{}')).toEqual([]);
  });

  it('includes what is like a pattern of it', () => {
    const rights = `inlinePolicies: true, groups: ['payments-*']`;
    const allow = `{ ${rights}, existing: false, userNames: ['payments-*'], paths: [/payments/], policyArns: ['${POLICY}/payments/*'], readers: ['${ROLE}/*-api'] }`;
    const user = `${INLINE}, groups: [payments-senders], path: /payments/eu/, policyArns: ['${POLICY}/payments/api'], readers: ['${ROLE}/payments-api']`;

    expect(refusedIn(user, allow)).toEqual([]);
  });
});
