import { Argument, Command } from 'commander';

import { bashScript } from '../completion/bash';
import { completable, type Completable } from '../completion/completable';
import { fishScript } from '../completion/fish';
import { zshScript } from '../completion/zsh';
import { describeCommand } from '../help';
import { print } from '../print';

type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS: Readonly<Record<Shell, (name: string, program: Completable) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * `completion`: a script that has all words in it. The shell does not start Node.js at each TAB, which would take longer than
 * anybody waits.
 */
export function newCommand(): Command {
  const command = describeCommand(new Command('completion'), {
    summary: 'print a script with which a shell completes commands',
    description:
      'Print a script with which a shell completes commands, options and their values at TAB. It is for the command as ' +
      'it is installed: print it again after an upgrade.',
    examples: [
      { title: 'In ~/.bashrc', text: 'source <(iam-key-rotation completion bash)' },
      { title: 'In ~/.zshrc, after compinit', text: 'source <(iam-key-rotation completion zsh)' },
      {
        title: 'For fish, once',
        text: 'iam-key-rotation completion fish > ~/.config/fish/completions/iam-key-rotation.fish',
      },
    ],
    exitCodes: { 0: 'the script is printed' },
  });
  return command
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => {
      const program = command.parent;
      if (program === null) throw new TypeError('It is a command of a program. This is a bug.');
      print(SCRIPTS[shell](program.name(), completable(program)).trimEnd());
    });
}
