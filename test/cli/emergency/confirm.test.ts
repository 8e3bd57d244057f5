import { confirm, requireAgreement, type Agreement } from '../../../cli/emergency/confirm';
import type { UserPlan } from '../../../cli/emergency/plan-user';
import { settingsOf } from '../../handlers/support/fixtures';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const toReplace: UserPlan = {
  ...{ user: 'ci-deployer', state: 'toReplace', settings: settingsOf(), replacedKeyId: KEY },
  keys: [{ keyId: KEY, becomes: 'inactive' }],
};
const replaced: UserPlan = { user: 'mailer', state: 'replaced', currentKeyId: KEY };
const cannot: UserPlan = { user: 'reports', state: 'cannot', why: 'No.', whatToDo: 'Nothing.' };

/** Of three users, two are counted: one is to be replaced, one was, and one cannot be. */
const PLAN = { users: [toReplace, replaced, cannot] };
const NOTHING_LEFT = { users: [replaced, cannot] };
const ASKED: Agreement = { yes: false, expect: undefined };

const typing = (text: string) => jest.fn(() => Promise.resolve(text));

test('on a terminal, the number of users is typed', async () => {
  const ask = typing('2');
  await expect(confirm(PLAN, ASKED, ask)).resolves.toBeUndefined();
  expect(ask).toHaveBeenCalledTimes(1);
});

test.each(['', '1', '3', 'yes', '2 users', '02'])('typed %j is not the number', async (typed) => {
  await expect(confirm(PLAN, ASKED, typing(typed))).rejects.toThrow(
    `'${typed}' was typed, and the plan is about 2 users. They have to be the same. Nothing was changed.`,
  );
});

test('without a terminal nothing is agreed to, and the options that agree are named', async () => {
  await expect(confirm(PLAN, ASKED, undefined)).rejects.toThrow(/Nothing was changed.*--yes --expect 2$/);
});

test('the expected number agrees, and nobody is asked', async () => {
  const ask = typing('never');
  await expect(confirm(PLAN, { yes: true, expect: 2 }, ask)).resolves.toBeUndefined();
  expect(ask).not.toHaveBeenCalled();
});

test.each([0, 1, 3])('the expected number %i is not that of the plan: both are said', async (expect_) => {
  const asked = confirm(PLAN, { yes: true, expect: expect_ }, undefined);
  await expect(asked).rejects.toThrow(
    `--expect says ${expect_}, and the plan is about 2 users. They have to be the same. Nothing was changed.`,
  );
});

test('the same command agrees to the same number when some are replaced already, and when all are', async () => {
  const agreed = { yes: true, expect: 2 };
  await expect(confirm({ users: [toReplace, toReplace] }, agreed, undefined)).resolves.toBeUndefined();
  await expect(confirm({ users: [replaced, toReplace] }, agreed, undefined)).resolves.toBeUndefined();
  await expect(confirm({ users: [replaced, replaced] }, agreed, undefined)).resolves.toBeUndefined();
});

test('where nothing is left to do, nobody is asked', async () => {
  await expect(confirm(NOTHING_LEFT, ASKED, undefined)).resolves.toBeUndefined();
});

test.each<[string, Agreement, string]>([
  ['--yes alone', { yes: true, expect: undefined }, '--yes without --expect'],
  ['--expect alone', { yes: false, expect: 2 }, '--expect without --yes'],
])('%s agrees to nothing, before AWS is asked', (_what, agreement, message) => {
  expect(() => requireAgreement(agreement)).toThrow(message);
});
