import { Command } from 'commander';

import { rollBack } from '../../handlers/core/operator/roll-back';
import { forUser, withUserOptions, type UserOptions } from './user-options';

interface Options extends UserOptions {
  readonly leave: string;
}

/** `rollback`: returns to the previous key. */
export function rollBackCommand(): Command {
  return withUserOptions(new Command('rollback'))
    .summary('return to the previous key')
    .description(
      'Return to the previous key, in its overlap or grace period: re-activate it if needed, prove that it works, and ' +
        'make it current. The rejected key is retired like any previous key.',
    )
    .requiredOption('--leave <access key id>', 'the current key, which is to be left')
    .action(async ({ leave, ...options }: Options) => {
      const { currentKeyId, rejectedKeyId } = await forUser(options, 'rollback', (ports, settings) =>
        rollBack(ports, settings, leave),
      );
      process.stdout.write(
        `${options.user}: ${currentKeyId} is current again; ${rejectedKeyId} stays usable for the overlap and is then retired.\n`,
      );
    });
}
