import { DAY } from '../../../contract/instant';
import type { Draft, DraftUser } from '../draft';
import { parseEnd } from '../moment';
import type { Problem } from '../problem';

/** An exemption that nobody has to renew is none. */
const LONGEST_DAYS = 366;

/** An exemption ends, on a day that the calendar has, and is renewed at least once a year. */
export function checkExemptions(draft: Draft): Problem[] {
  return draft.stacks.flatMap(({ users }) => users.flatMap((user) => checkExemption(draft, user)));
}

function checkExemption({ now }: Draft, { path, values }: DraftUser): Problem[] {
  const { until } = (values.exemption ?? {}) as Partial<NonNullable<typeof values.exemption>>;
  if (until === undefined) return [];
  const latest = new Date(now + (LONGEST_DAYS - 1) * DAY).toISOString().slice(0, 10);
  const end = parseEnd(until);
  if (end === undefined) {
    const rule = 'until is a day that the calendar has, and a time that a clock shows';
    return [{ path: [...path, 'exemption', 'until'], rule, write: `until: ${latest}` }];
  }
  if (end - now <= LONGEST_DAYS * DAY) return [];
  return [
    {
      path: [...path, 'exemption', 'until'],
      rule: 'an exemption ends at most a year ahead: who needs it for longer renews it',
      write: `until: ${latest} or sooner`,
    },
  ];
}
