import { actsOnFunctions, actsOnItems, actsOnSecrets, actsOnTable } from './act-patterns';
import type { EventPattern } from './event-pattern';
import { actsByUsers, actsOnKeys, actsOnRights, actsOnRoles } from './iam-patterns';
import { readsByOthers } from './read-patterns';
import { actsOnRecords, actsOnWatch } from './watch-patterns';
import type { Watched } from './watched';

/** One rule. */
export interface Watch {
  /** Names it, after `watch-`; never changes for what is watched already. */
  readonly name: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** Reads are not shown to a rule that does not ask for them. */
  readonly ofReads: boolean;
}

export interface Watches {
  readonly watches: readonly Watch[];
  /** Whose secret's reads are not watched, by stable key, and why. */
  readonly unwatched: Readonly<Record<string, string>>;
}

/** All that is watched. A pattern has at most 2,048 characters, so what names users may take several rules. */
export function watchesOf(watched: Watched): Watches {
  const reads = readsByOthers(watched);
  return {
    watches: [
      ...acts(
        'keys',
        'An access key of a rotated user is made, changed or deleted by anyone but us.',
        actsOnKeys(watched),
      ),
      ...acts(
        'own-keys',
        'A rotated user makes, changes or deletes an access key of its own.',
        actsByUsers(watched),
      ),
      ...acts(
        'secrets',
        'Rotation is switched off or set otherwise, or a secret, its readers, copies or value are changed.',
        [actsOnSecrets(watched)],
      ),
      ...acts(
        'roles',
        'A role of the stack is made, taken over or changed by anyone but Terraform.',
        given(actsOnRoles(watched)),
      ),
      ...acts(
        'rights',
        'A rotated user gets other rights, is renamed or is deleted by anyone but Terraform.',
        actsOnRights(watched),
      ),
      ...acts('table', 'The table with the journals is changed as a whole.', actsOnTable(watched)),
      ...acts('items', 'An item of the table is changed by anyone but us.', given(actsOnItems(watched))),
      ...acts('functions', 'A function is changed by anyone but Terraform.', given(actsOnFunctions(watched))),
      ...acts(
        'watch',
        'The trail, a rule of the watch, the schedule, an alarm or the topic is switched off or changed.',
        actsOnWatch(watched),
      ),
      ...acts('records', 'Logs or the bucket of the trail are deleted or changed by anyone but Terraform.', [
        actsOnRecords(watched),
      ]),
      ...acts(
        'reads',
        'A secret is read by a principal that is not among its readers.',
        reads.patterns,
        true,
      ),
    ],
    unwatched: reads.unwatched,
  };
}

function acts(
  name: string,
  description: string,
  patterns: readonly EventPattern[],
  ofReads = false,
): readonly Watch[] {
  return patterns.map((pattern, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    description,
    pattern,
    ofReads,
  }));
}

const given = (pattern: EventPattern | undefined): readonly EventPattern[] =>
  pattern === undefined ? [] : [pattern];
