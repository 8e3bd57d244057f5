import { HOUR, type Instant } from '../../contract/instant';
import type { EmergencyDocument, EmergencyResult } from './emergency-document';
import { type EmergencyPlan, hasWork, plannedNumber, SAME_COMMAND } from './plan';
import type { PlannedKey, UserPlan } from './plan-user';

const iso = (moment: Instant): string => new Date(moment).toISOString();

const users = (count: number): string => `${count} ${count === 1 ? 'user' : 'users'}`;

/** What is going to happen, before somebody agrees to it. */
export function planText(plan: EmergencyPlan, whom: string): readonly string[] {
  const { since } = plan;
  const began =
    plan.kind === 'begins'
      ? `An emergency begins: ${whom}. Every key that this product made and that was there at ${iso(since)} may have leaked.`
      : `This goes on with the emergency that began at ${iso(since)}: ${whom}. Keys that were made after that are not ` +
        'replaced again. If they may have leaked, too, begin a new one: --new';
  const before = plan.users.filter(({ state }) => state === 'replaced').length;
  const left = plan.users.filter(({ state }) => state === 'toReplace').length;
  return [
    began,
    ...plan.users.flatMap(lineOf),
    `The plan is about ${users(plannedNumber(plan))}: ${left} to replace, ${before} replaced before.`,
    ...(hasWork(plan) ? ['Applications fail with an old key until they have read the secret again.'] : []),
  ];
}

function lineOf(plan: UserPlan): readonly string[] {
  const { user } = plan;
  switch (plan.state) {
    case 'replaced':
      return [];
    case 'noKey':
      return [`${user}: this product has made no key for it yet.`];
    case 'cannot':
      return [`${user}: cannot be replaced. ${plan.why} ${plan.whatToDo}`];
    case 'toReplace': {
      const parts = plan.keys.map((key) => becomes(key, key.keyId === plan.replacedKeyId));
      return [`${user}: ${parts.join('; ')}.`];
    }
  }
}

const becomes = ({ keyId, becomes: end }: PlannedKey, isCurrent: boolean): string => {
  if (isCurrent) return `${keyId} is replaced, and kept Inactive for the grace period`;
  return end === 'deleted'
    ? `${keyId}, the key before it, is deleted: its slot is needed`
    : `${keyId}, an earlier key, is made Inactive`;
};

/** What was done. A line for each user whose keys are not replaced, and none for the others. */
export function reportText(document: EmergencyDocument): readonly string[] {
  const count = (outcome: EmergencyResult['outcome']): number =>
    document.users.filter((result) => result.outcome === outcome).length;
  const notReplaced = document.users.filter(({ outcome }) => outcome === 'notReplaced');
  const noKey = count('noKey');
  return [
    `Emergency of ${document.since}: ${users(count('replaced'))} replaced now, ${count('replacedBefore')} before, ` +
      `${notReplaced.length} not replaced${noKey === 0 ? '' : `, ${noKey} without a key of this product`}.`,
    ...notReplaced.map(({ user, why = '', whatToDo = '' }) => `${user}: not replaced. ${why} ${whatToDo}`),
  ];
}

/** What nobody should overlook where nothing was to be done. */
export const nothingLeft = (since: Instant): string =>
  `Nothing is left to do: every key that was there at ${iso(since)} is replaced. If keys that were made after that may have ` +
  `leaked, begin a new emergency with --new; ${SAME_COMMAND / HOUR} hours after its beginning the same command begins one by itself.`;
