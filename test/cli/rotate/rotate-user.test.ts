import { rotateUser } from '../../../cli/rotate/rotate-user';
import type { Stack } from '../../../cli/stack';
import { MINUTE } from '../../../contract/instant';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import type { Journal } from '../../../handlers/core/model/journal';
import { RetirementWorld } from '../../support/retirement-world';

const READ = { service: 'DynamoDB', action: 'GetItem' } as const;
const ROTATE = { service: 'Secrets Manager', action: 'RotateSecret' } as const;

/** A user whose journal and AWSPENDING are as given while the rotation is followed, in virtual time. */
async function follow(own: {
  readonly journal?: Partial<Journal>;
  readonly pending?: string;
  readonly request?: () => Promise<string | undefined>;
  readonly readJournal?: () => Promise<never>;
  readonly wait?: number;
}) {
  const { retirement: settings, journal } = await RetirementWorld.afterRotation();
  let now = journal.current!.since;
  const stack = {
    clock: { now: () => now, sleep: (duration: number) => Promise.resolve(void (now += duration)) },
    ports: {
      journals: {
        read: own.readJournal ?? (() => Promise.resolve({ journal: { ...journal, ...own.journal } })),
      },
      rotations: { request: own.request ?? (() => Promise.resolve('the-token')) },
      secrets: { describe: () => Promise.resolve({ labels: { AWSPENDING: own.pending } }) },
    },
  } as unknown as Stack;
  const entry = { stableKey: settings.stableKey, settings, journal };
  return rotateUser(stack, entry, { wait: own.wait ?? 0, onStep: () => undefined });
}

const wanted = { since: 0, reason: 'both key slots are taken' };

describe('a rotation that is asked for', () => {
  it('is not started where the journal may not be read, and Secrets Manager is not asked then', async () => {
    const request = jest.fn();
    const readJournal = () =>
      Promise.reject(new CallRefusedError(READ, 'accessDenied', 'AccessDeniedException', 'no'));
    expect(await follow({ readJournal, request })).toMatchObject({ outcome: 'notStarted', steps: [] });
    expect(request).not.toHaveBeenCalled();
  });

  it('is unknown where Secrets Manager did not answer: it may have begun', async () => {
    const request = () => Promise.reject(new CallUnansweredError(ROTATE, 'TimeoutError', 'no answer'));
    expect(await follow({ request })).toMatchObject({ outcome: 'unknown' });
  });

  it('has begun where nobody waits for it', async () => {
    expect(await follow({})).toMatchObject({ outcome: 'notFinished', versionId: 'the-token' });
  });

  it('is deferred once more where it was wanted before, and AWSPENDING is not on it', async () => {
    expect(await follow({ journal: { wanted }, wait: MINUTE })).toMatchObject({
      outcome: 'deferred',
      why: 'It waits and is made by itself later: both key slots are taken.',
    });
  });
});
