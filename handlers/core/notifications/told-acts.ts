import * as z from 'zod/mini';

import { HOUR, type Instant } from '../../../contract/instant';
import { suspiciousActsLogGroupName } from '../../../contract/names';
import type { ActGroup, FaultBegan, SuspiciousAct } from './fault-report';
import type { NotificationPlace, NotificationPorts } from './notification-ports';

/**
 * How many messages people get of a group in an hour, which begins with the first of them; one more says that there are
 * more. Who has no right at all can fill `refused`, and nothing else.
 */
export const TOLD_IN_AN_HOUR: Readonly<Record<ActGroup, { readonly most: number; readonly acts: string }>> = {
  refused: { most: 10, acts: 'calls that were refused' },
  reads: { most: 10, acts: 'reads of secrets' },
  changes: { most: 20, acts: 'changes of users, secrets or items of the table' },
  watch: { most: 100, acts: 'changes of what this product runs with, or of what notices suspicious acts' },
};

/** Of one group: when the hour began, and the acts in it, each in the place that the record of its message has. */
export const toldActsSchema = z.object({
  since: z.number(),
  /** The identities of the acts. At most as many as `TOLD_IN_AN_HOUR` says. */
  identities: z.array(z.string()),
});

export type ToldActs = z.output<typeof toldActsSchema>;

export type ActReport = FaultBegan & { readonly act: SuspiciousAct };

/** What people are told of an act, and which record remembers it. */
export interface Admitted {
  readonly report: FaultBegan;
  /** The place of its record: as many as there may be messages, whatever acts come, so that the table does not grow. */
  readonly about: string;
}

/**
 * Whether people are told of an act. Each act is told once in an hour. Which acts are alike is a matter of their
 * identity alone: whoever does the first one of an hour must not decide what is not told after it.
 */
export async function admit(
  { acts, clock }: Pick<NotificationPorts, 'acts' | 'clock'>,
  { stack }: NotificationPlace,
  report: ActReport,
): Promise<Admitted> {
  const { group, identity } = report.act;
  for (;;) {
    const { told, version } = await acts.load(group);
    const now = clock.now();
    const isOver = told === undefined || told.since + HOUR <= now;
    const { since, identities } = isOver ? { since: now, identities: [] } : told;
    const place = identities.indexOf(identity);
    if (place !== -1) return { report: { ...report, since }, about: `${group}-${place}` };
    if (identities.length >= TOLD_IN_AN_HOUR[group].most)
      return { report: moreThanTold(report, since, stack), about: `${group}-more` };
    if (await acts.replace(group, { since, identities: [...identities, identity] }, version))
      return { report: { ...report, since }, about: `${group}-${identities.length}` };
  }
}

/** Of no user: it stands for acts on several. */
function moreThanTold({ act, at }: ActReport, since: Instant, stack: string): FaultBegan {
  const { most, acts } = TOLD_IN_AN_HOUR[act.group];
  const what =
    `There are more than ${most} ${acts} within an hour. ` +
    `No message comes about further ones in this hour: read the log group ${suspiciousActsLogGroupName(stack)}, which has each.`;
  return { phase: 'began', kind: 'suspiciousAct', user: undefined, reporter: 'trail', act, at, since, what };
}
