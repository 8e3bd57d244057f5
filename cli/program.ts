import { Command } from 'commander';

import { version } from '../package.json';
import { exitCodesText, USUAL_EXIT_CODES } from './help';

/**
 * The command line, as it is run and the docs describe it: with all commands, or where the command is known that is called,
 * with this one alone. Each brings the clients of its AWS services, which are most of the memory of a process.
 */
export function createProgram(called?: string): Command {
  const program: Command = new Command('iam-key-rotation')
    .description(
      "Works with the access keys that iam-key-rotation rotates, with the caller's own AWS credentials.",
    )
    .version(version, '-v, --version')
    .showSuggestionAfterError()
    // What stands behind the program that `exec` runs is for that program.
    .enablePositionalOptions()
    .addHelpText('after', () => `\n${exitCodesText(program, USUAL_EXIT_CODES)}`);
  const known = GROUPS.flatMap(([, commands]) => Object.keys(commands));
  const isAlone = called !== undefined && known.includes(called) && !ABOUT_ALL.has(called);
  for (const [group, commands] of GROUPS) {
    program.commandsGroup(group);
    for (const [name, load] of Object.entries(commands))
      if (!isAlone || name === called) program.addCommand(load().newCommand());
  }
  return program;
}

/** What these print is about all commands. */
const ABOUT_ALL: ReadonlySet<string> = new Set(['policy', 'completion']);

/** A file of `commands/`. */
interface CommandModule {
  readonly newCommand: () => Command;
}

/** By the name of each command, in the order in which the help shows them. */
const GROUPS: readonly (readonly [
  heading: string,
  commands: Readonly<Record<string, () => CommandModule>>,
])[] = [
  [
    'See:',
    {
      status: () => require('./commands/status') as CommandModule,
      'who-uses': () => require('./commands/who-uses') as CommandModule,
      doctor: () => require('./commands/doctor') as CommandModule,
      report: () => require('./commands/report') as CommandModule,
    },
  ],
  [
    'Act:',
    {
      rotate: () => require('./commands/rotate') as CommandModule,
      rollback: () => require('./commands/roll-back') as CommandModule,
      acknowledge: () => require('./commands/acknowledge') as CommandModule,
      emergency: () => require('./commands/replace-leaked-key') as CommandModule,
      drill: () => require('./commands/drill') as CommandModule,
    },
  ],
  [
    'Adopt:',
    {
      init: () => require('./commands/init') as CommandModule,
      adopt: () => require('./commands/adopt') as CommandModule,
      'import-blocks': () => require('./commands/import-blocks') as CommandModule,
      'verify-account': () => require('./commands/verify-account') as CommandModule,
    },
  ],
  [
    'Applications outside AWS:',
    {
      credentials: () => require('./commands/credentials') as CommandModule,
      sync: () => require('./commands/sync') as CommandModule,
      exec: () => require('./commands/exec') as CommandModule,
    },
  ],
  [
    'Rights:',
    {
      policy: () => require('./commands/policy') as CommandModule,
    },
  ],
  [
    'Pipelines:',
    {
      'check-plan': () => require('./commands/check-plan') as CommandModule,
      'stale-functions': () => require('./commands/stale-functions') as CommandModule,
    },
  ],
  [
    'Shell:',
    {
      completion: () => require('./commands/completion') as CommandModule,
    },
  ],
];
