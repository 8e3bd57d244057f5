import type { Instant } from '../../contract/instant';
import { explain } from '../../handlers/core/model/explain';
import { CallRefusedError, CallUnansweredError } from '../../handlers/core/model/call-errors';
import { TryAgainError } from '../../handlers/core/model/refusals';
import { LISTING_LAG } from '../../handlers/core/model/timing';
import { replaceSuspectKeys } from '../../handlers/core/leaks/replace-suspect-keys';
import { concurrently } from '../concurrently';
import { explainErrorInSentence } from '../explain-error';
import { present } from '../present';
import type { EmergencyPorts, EmergencyPlan } from './plan';
import type { UserPlan } from './plan-user';
import type { EmergencyResult } from './emergency-document';

/** Users who cannot be done at first are tried again: what IAM does not show yet, and a lease of somebody who died, passes. */
const MOST_TRIES = 3;

/**
 * How many users are worked on at once where nobody says it. Each waits some seconds for the proof of its new key: with fewer, IAM
 * is asked less often than it allows (docs/performance.md).
 */
export const DEFAULT_AT_A_TIME = 20;

export interface ReplaceOptions {
  /** How many users are worked on at once. */
  readonly atATime: number;
  /** Is told how many users have come to an end, for now. */
  readonly onDone?: (done: number) => void;
}

type ToReplace = Extract<UserPlan, { state: 'toReplace' }>;

/** Begins the emergency, if it is a new one. @throws Error if somebody else began one of the same users meanwhile */
export async function beginEmergency(
  { emergencies }: Pick<EmergencyPorts, 'emergencies'>,
  { whose, since, kind, before }: EmergencyPlan,
): Promise<void> {
  if (kind === 'goesOn' || (await emergencies.begin(whose, since, before))) return;
  throw new Error(
    'Somebody else began an emergency of the same users meanwhile. Nothing was changed by this command. Run it again: it goes ' +
      'on with that one.',
  );
}

/** Does what was planned. The failure of one user does not stop the others. The results are in the order of the plan. */
export async function replaceAll(
  ports: EmergencyPorts,
  plan: EmergencyPlan,
  { atATime, onDone = () => undefined }: ReplaceOptions,
): Promise<readonly EmergencyResult[]> {
  const results = new Map<string, EmergencyResult>();
  let done = 0;
  // In the order in which their time comes: who is tried again stands behind all others, and they need not wait for him.
  const turns: Turn[] = plan.users
    .filter((user) => user.state === 'toReplace')
    .map((user) => ({ user, tries: 1, notBefore: 0 }));
  await concurrently(turns, atATime, async ({ user, tries, notBefore }) => {
    const early = notBefore - ports.clock.now();
    if (early > 0) await ports.clock.sleep(early);
    const { result, mayPass } = await replaceOne(ports, user, plan);
    results.set(user.user, result);
    if (mayPass && tries < MOST_TRIES)
      turns.push({ user, tries: tries + 1, notBefore: ports.clock.now() + LISTING_LAG });
    else onDone((done += 1));
  });
  return plan.users.map((user) => results.get(user.user) ?? resultOf(user));
}

interface Turn {
  readonly user: ToReplace;
  readonly tries: number;
  readonly notBefore: Instant;
}

interface Try {
  readonly result: EmergencyResult;
  /** It may succeed a minute later. */
  readonly mayPass: boolean;
}

async function replaceOne(
  ports: EmergencyPorts,
  { user, settings, replacedKeyId }: ToReplace,
  { since }: EmergencyPlan,
): Promise<Try> {
  const again = 'Run the same command again: it goes on with this emergency.';
  try {
    const { outcome, currentKeyId, stoppedKeyIds } = await replaceSuspectKeys(ports, settings, since);
    if (outcome === 'cannotBeReplaced') {
      const why = `No slot is free for a new key, and what fills the other one may not be removed. Current key ${currentKeyId ?? ''} stays.`;
      return { result: failed(user, why, `See \`status ${user}\`, and make room. ${again}`), mayPass: true };
    }
    const stopped = stoppedKeyIds.filter((keyId) => keyId !== currentKeyId);
    const result = present<EmergencyResult>({
      ...{ user, outcome, keyId: currentKeyId, stoppedKeyIds: stopped },
      ...{ replacedKeyId, why: undefined, whatToDo: undefined },
    });
    return { result, mayPass: false };
  } catch (error) {
    const { secretArn } = settings;
    const why = explainErrorInSentence(explain(error, { step: 'emergency', secretArn, settings }));
    return { result: failed(user, why, again), mayPass: mayPass(error) };
  } finally {
    await ports.lifecycle.flush();
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof TryAgainError ||
  error instanceof CallUnansweredError ||
  (error instanceof CallRefusedError && error.kind === 'throttled');

const failed = (user: string, why: string, whatToDo: string): EmergencyResult => ({
  ...{ user, outcome: 'notReplaced', why, whatToDo, stoppedKeyIds: [] },
});

/** Of a user that nothing was to be done for. */
function resultOf(plan: UserPlan): EmergencyResult {
  const { user } = plan;
  switch (plan.state) {
    case 'replaced':
      return { user, outcome: 'replacedBefore', keyId: plan.currentKeyId, stoppedKeyIds: [] };
    case 'noKey':
      return { user, outcome: 'noKey', stoppedKeyIds: [] };
    case 'cannot':
      return failed(user, plan.why, plan.whatToDo);
    case 'toReplace':
      throw new Error(`Bug: ${user} was to be replaced, and was not tried.`);
  }
}
