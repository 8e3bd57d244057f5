import { SECOND } from '../../../../contract/instant';
import { proveKey } from '../../../../handlers/core/key-moves/prove';
import { TryAgainError, WrongUserError } from '../../../../handlers/core/model/refusals';
import { SecretMaterial } from '../../../../contract/secret-material';
import { PROOF_INTERVAL, PROOF_WAIT, PROOFS_IN_A_ROW } from '../../../../handlers/core/model/timing';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { NOON, keyId, secretText, settingsOf } from '../../support/fixtures';

const settings = settingsOf();
const credentials = { accessKeyId: keyId(), secretAccessKey: new SecretMaterial(secretText()) };
const expected = {
  accountId: settings.accountId,
  userId: settings.userId,
  arn: 'arn:aws:iam::111122223333:user/service/ci-deployer-user',
};
const notYet = refusal(
  call.getCallerIdentity,
  'unknownKey',
  'InvalidClientTokenId',
  'The security token is invalid.',
);

type Answer = 'works' | 'fails' | 'no answer' | Partial<typeof expected>;

/** STS as it answers question after question; the last answer stays. */
function sts(...answers: Answer[]) {
  let now = NOON;
  let asked = 0;
  const log: unknown[] = [];
  const ports = {
    clock: { now: () => now, sleep: () => Promise.reject(new Error('sleeps are made by the caller')) },
    log: { info: (...line: unknown[]) => log.push(line), warn: () => undefined, error: () => undefined },
    probe: {
      callerIdentity: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)]!;
        asked += 1;
        now += 100;
        if (answer === 'works') return expected;
        if (answer === 'fails') throw notYet;
        if (answer === 'no answer') throw unanswered(call.getCallerIdentity);
        return { ...expected, ...answer };
      },
    },
  };
  const pauses: number[] = [];
  const sleep = async (duration: number): Promise<void> => {
    pauses.push(duration);
    now += duration;
  };
  return {
    prove: () => proveKey(ports, settings, credentials, { sleep }),
    asked: () => asked,
    took: () => now - NOON,
    pauses,
    log,
  };
}

test('one success proves nothing: a new key comes and goes for some seconds (F 2.6)', async () => {
  const world = sts('works');
  await world.prove();
  expect(PROOFS_IN_A_ROW).toBeGreaterThan(1);
  expect(world.asked()).toBe(PROOFS_IN_A_ROW);
});

test('there is a pause between two questions', async () => {
  const world = sts('works');
  await world.prove();
  expect(world.pauses).toEqual(Array(PROOFS_IN_A_ROW - 1).fill(PROOF_INTERVAL));
});

test.each(['fails', 'no answer'] as const)('a question that %s begins the count anew', async (answer) => {
  const almost = Array<Answer>(PROOFS_IN_A_ROW - 1).fill('works');
  const world = sts('fails', ...almost, answer, ...almost, answer, 'works');
  await world.prove();
  expect(world.asked()).toBe(1 + 2 * PROOFS_IN_A_ROW + PROOFS_IN_A_ROW);
});

test('every attempt is reported, with its number and why it failed', async () => {
  const world = sts('fails', 'works');
  await world.prove();
  expect(world.log).toHaveLength(1 + PROOFS_IN_A_ROW);
  expect(JSON.stringify(world.log[0])).toContain('InvalidClientTokenId');
});

test('a key that never works is given up within the limit; the error names the key and what STS said last', async () => {
  const world = sts('fails');
  const failing = world.prove();
  await expect(failing).rejects.toThrow(TryAgainError);
  await expect(failing).rejects.toThrow(
    new RegExp(`${credentials.accessKeyId}.*InvalidClientTokenId.*current key stays`),
  );
  expect(world.took()).toBeLessThanOrEqual(PROOF_WAIT + 10 * SECOND);
});

test.each([
  ['another user of the account', { userId: 'AIDAOTHER' }],
  ['a user of the same name in another account', { accountId: '999999999999' }],
])('R2: a key that works as %s is refused at once', async (_name, answer) => {
  const world = sts('works', answer);
  const failing = world.prove();
  await expect(failing).rejects.toThrow(WrongUserError);
  expect(world.asked()).toBe(2);
});

test('the user’s unique id decides, not its name: IAM may have renamed it', async () => {
  await expect(sts({ arn: 'arn:aws:iam::111122223333:user/renamed' }).prove()).resolves.toBeUndefined();
});

test('what is no answer of STS is our own bug, and is not waited out', async () => {
  const bug = new TypeError('undefined is not a function');
  const world = sts('works');
  const probe = { callerIdentity: () => Promise.reject(bug) };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const clock = { now: () => NOON, sleep: () => Promise.resolve() };
  await expect(
    proveKey({ probe, log, clock }, settings, credentials, { sleep: () => Promise.resolve() }),
  ).rejects.toBe(bug);
  expect(world.asked()).toBe(0);
});

test('R7: nothing that is reported shows the secret', async () => {
  const world = sts('fails');
  const error: unknown = await world.prove().catch((thrown: unknown) => thrown);
  expect(JSON.stringify(world.log) + String(error)).not.toContain(credentials.secretAccessKey.reveal());
});
