import type { LogLook } from '../../../cli/rotate/failed-steps';
import { rotateUser } from '../../../cli/rotate/rotate-user';
import type { Stack } from '../../../cli/stack';
import { MINUTE, SECOND, type Instant } from '../../../contract/instant';
import {
  CallRefusedError,
  CallUnansweredError,
  UnreadableRecordError,
} from '../../../handlers/core/model/call-errors';
import type { Attempt, Journal } from '../../../handlers/core/model/journal';
import type { SecretDescription } from '../../../handlers/core/model/ports';
import { RetirementWorld } from '../../support/retirement-world';

const READ = { service: 'DynamoDB', action: 'GetItem' } as const;
const DESCRIBE = { service: 'Secrets Manager', action: 'DescribeSecret' } as const;
const ROTATE = { service: 'Secrets Manager', action: 'RotateSecret' } as const;

const TOKEN = 'the-token';
const NEW = 'AKIAMMMMMMMM9EXAMPLE';
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-rotate';

const throttled = new CallRefusedError(READ, 'throttled', 'ThrottlingException', 'slow down');
const expired = new CallRefusedError(READ, 'accessDenied', 'ExpiredTokenException', 'expired');

/** Time since the rotation was asked for. */
type At<Answer> = (passed: number) => Answer;

/** A rotation that is followed in virtual time, while table, secret and log answer as given. */
async function follow(own: {
  readonly journal?: At<Partial<Journal>>;
  readonly secret?: At<Partial<SecretDescription>>;
  readonly log?: At<LogLook>;
  readonly request?: () => Promise<string | undefined>;
  readonly wait?: number;
  readonly exemption?: { readonly reason: string; readonly until: Instant };
}) {
  const world = await RetirementWorld.afterRotation();
  const { retirement, journal } = world;
  const settings = { ...retirement, exemption: own.exemption };
  const startedAt = journal.current!.since;
  let now = startedAt;
  const passed = (): number => now - startedAt;
  const request = jest.fn(own.request ?? (() => Promise.resolve(TOKEN)));
  const stack = {
    prefix: 'iam-key-rotation',
    clock: { now: () => now, sleep: (duration: number) => Promise.resolve(void (now += duration)) },
    ports: {
      journals: { read: async () => ({ journal: { ...journal, ...own.journal?.(passed()) } }) },
      rotations: { request },
      secrets: {
        describe: async () => ({
          ...{ labels: {}, copies: [], rotationEnabled: true, rotationFunctionArn: FUNCTION },
          ...own.secret?.(passed()),
        }),
      },
    },
  } as unknown as Stack;
  const readFailedStep = jest.fn(async () => own.log?.(passed()) ?? { why: undefined });
  const entry = { stableKey: settings.stableKey, settings, journal };
  const options = { wait: own.wait ?? 0, onStep: () => undefined, readFailedStep };
  const result = await rotateUser(stack, entry, options);
  return { result, request, readFailedStep, passed: passed(), replacedKeyId: journal.current!.keyId };
}

const wanted = { since: 0, reason: 'both key slots are taken' };
const pendingOn = (version: string | undefined) => ({ labels: { AWSPENDING: version } });
const fail = (error: Error) => (): never => {
  throw error;
};

describe('a rotation that is asked for', () => {
  it.each<[string, Partial<Parameters<typeof follow>[0]>, string]>([
    ['the journal may not be read', { journal: fail(expired) }, 'ExpiredTokenException'],
    [
      'the journal cannot be parsed',
      { journal: fail(new UnreadableRecordError('journal#app', 'no userId')) },
      'journal#app cannot be read',
    ],
    [
      'the table does not answer',
      { journal: fail(new CallUnansweredError(READ, 'TimeoutError', 'TimeoutError')) },
      'got no clear answer',
    ],
    [
      'the secret may not be looked at',
      { secret: fail(new CallRefusedError(DESCRIBE, 'accessDenied', 'AccessDeniedException', 'no')) },
      'DescribeSecret was refused',
    ],
    [
      'the user is exempted',
      { exemption: { reason: 'audit', until: 8.64e15 } },
      'The configuration exempts it until',
    ],
    [
      'somebody switched rotation off, as a request would switch it on again',
      { secret: () => ({ rotationEnabled: false }) },
      'Rotation of the secret is switched off',
    ],
    [
      'another function rotates the secret, which would be started',
      { secret: () => ({ rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:theirs' }) },
      'function:theirs, which is not this product',
    ],
    [
      'the secret is scheduled for deletion',
      { secret: () => ({ deletedDate: 1 }) },
      'The secret is scheduled for deletion',
    ],
    [
      'the secret is that of another user',
      { secret: () => ({ userId: 'AIDAOTHEREXAMPLE' }) },
      'never put into the secret of another',
    ],
  ])('is not started, and Secrets Manager is not asked, where %s', async (_, own, why) => {
    const { result, request } = await follow({ ...own, wait: MINUTE });
    expect(result).toMatchObject({
      outcome: 'notStarted',
      steps: [],
      why: expect.stringContaining(why) as string,
    });
    expect(request).not.toHaveBeenCalled();
  });

  it('is not started where Secrets Manager refuses it', async () => {
    const request = () =>
      Promise.reject(new CallRefusedError(ROTATE, 'wrongState', 'InvalidRequestException', 'under way'));
    expect((await follow({ request })).result).toMatchObject({ outcome: 'notStarted' });
  });

  it('is unknown where Secrets Manager did not answer: it may have begun', async () => {
    const request = () => Promise.reject(new CallUnansweredError(ROTATE, 'TimeoutError', 'no answer'));
    expect((await follow({ request })).result).toMatchObject({ outcome: 'unknown' });
  });

  it('has begun where nobody waits for it, also where it cannot be looked at', async () => {
    const begun = {
      outcome: 'notFinished',
      versionId: TOKEN,
      why: expect.stringContaining('by itself') as string,
    };
    expect((await follow({})).result).toMatchObject(begun);
    let looks = 0;
    const journal = () => ((looks += 1) > 1 ? fail(throttled)() : {});
    const { result, readFailedStep } = await follow({ journal });
    expect(result).toMatchObject(begun);
    expect(looks).toBe(2);
    expect(readFailedStep).not.toHaveBeenCalled();
  });

  it('is followed until its key is current', async () => {
    const journal = (passed: number): Partial<Journal> =>
      passed < 20 * SECOND ? {} : { current: { keyId: NEW, versionId: TOKEN, since: 0 } };
    const { result, replacedKeyId, passed } = await follow({ journal, wait: MINUTE });
    expect(result).toMatchObject({ outcome: 'rotated', versionId: TOKEN, keyId: NEW, replacedKeyId });
    expect(result.why).toBeUndefined();
    expect(passed).toBe(20 * SECOND);
  });

  it('is deferred where it is wanted since then', async () => {
    const journal = (passed: number) => (passed < 3 * SECOND ? {} : { wanted });
    const { result, passed } = await follow({ journal, wait: MINUTE });
    expect(result).toMatchObject({
      outcome: 'deferred',
      versionId: TOKEN,
      why: 'It waits and is made by itself later: both key slots are taken.',
    });
    expect(passed).toBe(3 * SECOND);
  });
});

describe('a rotation that is asked for where one was wanted before', () => {
  it('is deferred once more where AWSPENDING is not on it, though not before the label can show', async () => {
    for (const version of [undefined, 'another-version']) {
      const { result, passed } = await follow({
        journal: () => ({ wanted }),
        secret: () => pendingOn(version),
        wait: MINUTE,
      });
      expect(result).toMatchObject({ outcome: 'deferred' });
      expect(passed).toBe(5 * SECOND);
    }
  });

  it('goes on while AWSPENDING is on it', async () => {
    const journal = (passed: number): Partial<Journal> =>
      passed < 30 * SECOND ? { wanted } : { current: { keyId: NEW, versionId: TOKEN, since: 0 } };
    const { result } = await follow({ journal, secret: () => pendingOn(TOKEN), wait: MINUTE });
    expect(result).toMatchObject({ outcome: 'rotated', keyId: NEW });
  });
});

describe('a rotation that is followed', () => {
  it('has failed where the log of its function says so, which is read every 10 seconds and at the end', async () => {
    const log = (passed: number): LogLook => ({ why: passed < 20 * SECOND ? undefined : 'IAM said no' });
    const failed = await follow({ log, wait: MINUTE });
    expect(failed.result).toMatchObject({ outcome: 'failed', versionId: TOKEN, why: 'IAM said no' });
    expect(failed.passed).toBe(20 * SECOND);
    expect(failed.readFailedStep).toHaveBeenLastCalledWith({
      ...{ rotationFunction: 'iam-key-rotation-rotate', token: TOKEN },
      askedAt: expect.any(Number) as number,
    });

    const { readFailedStep, passed } = await follow({ wait: 25 * SECOND });
    expect(readFailedStep).toHaveBeenCalledTimes(3);
    expect(passed).toBe(25 * SECOND);
  });

  it('goes on where the log of its function cannot be read, and says so where it does not come to its end', async () => {
    const log = (): LogLook => ({ why: undefined, unreadable: 'Rate exceeded.' });
    const journal = (passed: number): Partial<Journal> =>
      passed < 30 * SECOND ? {} : { current: { keyId: NEW, versionId: TOKEN, since: 0 } };
    expect((await follow({ log, journal, wait: MINUTE })).result).toMatchObject({ outcome: 'rotated' });

    expect((await follow({ log, wait: MINUTE })).result).toMatchObject({
      outcome: 'notFinished',
      why: expect.stringContaining('the log of its function cannot be read: Rate exceeded. See') as string,
    });
  });

  it('goes on after a look that failed', async () => {
    let looks = 0;
    const journal = (passed: number): Partial<Journal> => {
      looks += 1;
      if (looks === 2 || looks === 3) throw throttled;
      return passed < 30 * SECOND ? {} : { current: { keyId: NEW, versionId: TOKEN, since: 0 } };
    };
    const secret = (passed: number) => {
      if (passed > 0 && passed < 15 * SECOND) throw new CallUnansweredError(DESCRIBE, 'TimeoutError', 'late');
      return pendingOn(TOKEN);
    };
    const { result } = await follow({ journal, secret, wait: MINUTE });
    expect(result).toMatchObject({ outcome: 'rotated', keyId: NEW });
    const said = result.steps
      .map(({ what }) => what)
      .filter((what) => what.startsWith('it cannot be looked at'));
    expect(said).toEqual([
      expect.stringContaining('ThrottlingException: slow down.'),
      expect.stringContaining('DescribeSecret got no clear answer'),
    ]);
  });

  it('is unknown where no look succeeds until the end, and what is known of it is kept', async () => {
    let looks = 0;
    const attempt: Attempt = {
      ...{ token: TOKEN, kind: 'rotation', keyId: NEW, keysBefore: [] },
      ...{ announcedAt: 0, until: 1 },
    };
    const journal = (): Partial<Journal> => {
      looks += 1;
      if (looks > 3) throw throttled;
      return looks === 1 ? {} : { attempt };
    };
    const { result, passed, replacedKeyId } = await follow({ journal, wait: MINUTE });
    expect(result).toMatchObject({
      ...{ outcome: 'unknown', versionId: TOKEN, keyId: NEW, replacedKeyId },
      why: expect.stringContaining('ThrottlingException: slow down. See `status') as string,
    });
    expect(passed).toBe(MINUTE);
  });
});
