import type { Instant } from '../../../contract/instant';
import { ONE_LEAK } from '../model/timing';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { AccessKey } from '../model/access-key';
import type { Journal, Leak } from '../model/journal';
import type { Settings } from '../../../contract/settings';
import { describeUndelivered, isDelivered } from '../key-moves/deliveries';
import type { Act, Report } from './decision';

/** The quarantine policies that AWS has attached to the user; `unknown`: it could not be looked up. */
export type Quarantine = readonly string[] | 'unknown';

export interface LeakFacts {
  readonly now: Instant;
  readonly journal: Journal;
  readonly keys: readonly AccessKey[];
  readonly settings: Settings;
  readonly deliveries: DeliveryJournal | undefined;
  readonly quarantine?: Quarantine | undefined;
}

/**
 * What is left of each leak that AWS reported (R15). It is over when the leaked key is Inactive or gone, another key is
 * current, works and is delivered, and no quarantine policy is attached any more. What could not be looked up is not over
 * (R8). People hear then that it is over. It is forgotten when AWS cannot report the same leak again: until then what AWS says
 * of the user alone is about this key, and not about the one that replaced it.
 */
export function decideLeaks(
  facts: LeakFacts,
  { currentWorks }: { readonly currentWorks: boolean },
): readonly (Act | Report)[] {
  return (facts.journal.leaks ?? []).flatMap((leak): readonly (Act | Report)[] => {
    const left = whatIsLeft(facts, leak, currentWorks);
    if (left.length === 0) {
      if (leak.isOver === true && !mayBeForgotten(leak, facts.now)) return [];
      const reason = 'it is Inactive, another key is current, and nothing else is left of the leak';
      return [{ kind: 'act', what: 'endLeak', keyId: leak.keyId, reason }];
    }
    const at = new Date(leak.reportedAt).toISOString();
    const reported =
      leak.drill === true ? `A drill plays that it leaked at ${at}.` : `AWS reported it as leaked at ${at}.`;
    const reason = `${reported} What is left: ${left.join('; ')}.`;
    return [{ kind: 'report', fault: 'keyLeaked', keyId: leak.keyId, reason }];
  });
}

export const mayBeForgotten = ({ reportedAt }: Leak, now: Instant): boolean => now >= reportedAt + ONE_LEAK;

function whatIsLeft(
  { journal: { current }, keys, settings, deliveries, quarantine = [] }: LeakFacts,
  { keyId }: Leak,
  currentWorks: boolean,
): readonly string[] {
  const status = keys.find(({ id }) => id === keyId)?.status ?? 'Inactive';
  const undelivered =
    current === undefined
      ? []
      : (settings.deliver ?? []).filter((target) => !isDelivered(target, current, settings, deliveries));
  return [
    ...(status === 'Inactive' ? [] : [`the key is ${status}`]),
    ...(current?.keyId === keyId ? ['it is still the current key'] : []),
    ...(currentWorks ? [] : ['no current key works']),
    ...undelivered.map(
      (target) => `the current key has not reached ${describeUndelivered(target, deliveries)}`,
    ),
    ...describeQuarantine(quarantine),
  ];
}

function describeQuarantine(quarantine: Quarantine): readonly string[] {
  if (quarantine === 'unknown')
    return ['whether AWS has put the user into quarantine could not be looked up'];
  return quarantine.map(
    (policy) =>
      `${policy} is attached to the user, so what it denies stays denied, whatever the key; this product never detaches it`,
  );
}
