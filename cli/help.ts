import type { Command } from 'commander';
import type * as z from 'zod';

import type { Permission } from './policy/permission';

/*
 * What is told of a command: said once, where the command is made. The help and docs/commands.md are both made of it.
 */

/** How the command is used, in one case. */
export interface Example {
  /** What somebody wants to do, without a full stop: `Follow one user`. */
  readonly title: string;
  /** A line of the shell that begins with `iam-key-rotation`, which a test tries; or lines of a file that the title names. */
  readonly text: string;
}

export interface CommandHelp {
  /** A few words for the list of commands: small letter first, no full stop. */
  readonly summary: string;
  /** Whole sentences. */
  readonly description: string;
  readonly examples: readonly [Example, ...Example[]];
  /** Those that differ from `USUAL_EXIT_CODES`, or are added to them. */
  readonly exitCodes?: ExitCodes;
  /** What `--json` prints. */
  readonly document?: z.ZodType;
  /** What it does on AWS with the caller's rights. Absent: it does not call AWS, or its own page says what it needs. */
  readonly permissions?: readonly Permission[];
}

/** What the exit status of a process means. */
export type ExitCodes = Readonly<Record<string, string>>;

export const USUAL_EXIT_CODES: ExitCodes = {
  0: 'it is done',
  1: 'it failed, and stderr says why',
  130: 'it was stopped with Ctrl-C',
};

/** What is told of a command, with all of its exit codes. */
export type Described = CommandHelp & { readonly exitCodes: ExitCodes };

const DESCRIBED = new WeakMap<Command, Described>();

/** Says what the command is for, and shows its examples and exit codes at the end of its help. */
export function describeCommand(command: Command, help: CommandHelp): Command {
  const exitCodes = { ...USUAL_EXIT_CODES, ...help.exitCodes };
  DESCRIBED.set(command, { ...help, exitCodes });
  return command
    .summary(help.summary)
    .description(help.description)
    .addHelpText('after', () => `\n${examplesText(help.examples)}\n\n${exitCodesText(command, exitCodes)}`);
}

/** Undefined for a command that was not described, such as the one that shows the help. */
export const describedAs = (command: Command): Described | undefined => DESCRIBED.get(command);

/** For the end of a help. */
export function exitCodesText(command: Command, exitCodes: ExitCodes): string {
  const helper = command.createHelp();
  const helpWidth = command.configureOutput().getOutHelpWidth?.();
  helper.prepareContext(helpWidth === undefined ? {} : { helpWidth });
  const codes = Object.keys(exitCodes);
  const width = Math.max(...codes.map((code) => code.length));
  const lines = codes.map((code) => helper.formatItem(code, width, exitCodes[code] ?? '', helper));
  return ['Exit status:', ...lines].join('\n');
}

const examplesText = (examples: readonly Example[]): string =>
  ['Examples:', ...examples.map(({ title, text }) => `  ${title}:\n${indented(text)}`)].join('\n');

const indented = (text: string): string => text.trim().replaceAll(/^(?=.)/gm, '    ');
