import { Command } from 'commander';

import { rollBack, type RolledBack } from '../../handlers/core/operator/roll-back';
import { describeCommand } from '../help';
import { CHANGE_KEYS } from '../policy/permission';
import { print } from '../print';
import { accessKeyId, forUser, withUserOptions, type UserOptions } from './user-options';

interface Options extends UserOptions {
  readonly leave: string;
}

/** For scripts, which would take 0 for a return to the previous key. */
const NOTHING_DONE = 3;

/** `rollback`: returns to the previous key. */
export function newCommand(): Command {
  return describeCommand(withUserOptions(new Command('rollback')), {
    summary: 'return to the previous key',
    description:
      'Return to the previous key, in its overlap or grace period: re-activate it if needed, prove that it works, and ' +
      'make it current. The rejected key is retired like any previous key.',
    examples: [
      {
        title: 'Leave a key with which the applications do not work',
        text: 'iam-key-rotation rollback --user ci-deployer --leave AKIAIOSFODNN7EXAMPLE',
      },
    ],
    permissions: CHANGE_KEYS,
    exitCodes: { [NOTHING_DONE]: 'nothing was done, because the key is a previous key already' },
  })
    .requiredOption('--leave <access key id>', 'the current key, which is to be left', accessKeyId)
    .action(async ({ leave, ...options }: Options) => {
      const rolledBack = await forUser(options, 'rollback', (ports, settings) =>
        rollBack(ports, settings, leave),
      );
      print(`${options.user}: ${describeOutcome(rolledBack)}`);
      if (rolledBack.outcome !== 'returned') process.exitCode = NOTHING_DONE;
    });
}

/** Naming the previous key, the one to return to, is the obvious mistake: then the key that was to be left is current. */
export function describeOutcome({ outcome, currentKeyId, rejectedKeyId }: RolledBack): string {
  if (outcome === 'returned') {
    return `${currentKeyId} is current again; ${rejectedKeyId} stays usable for the overlap and is then retired.`;
  }
  return (
    `nothing was done, because ${rejectedKeyId} is a previous key already; ${currentKeyId} is current. If that is the key ` +
    `to leave, name it: --leave ${currentKeyId}`
  );
}
