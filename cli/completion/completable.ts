import type { Argument, Command, Option } from 'commander';

/** What can stand behind an option, or as an argument. */
export type Value =
  | { readonly kind: 'file' }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly of: readonly string[] };

export interface CompletableOption {
  /** The long one first: `--help`, `-h`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined: none follows. */
  readonly value: Value | undefined;
}

/** A command as a shell has to know it. */
export interface Completable {
  readonly name: string;
  /** The words that lead to it; none for the program itself. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly CompletableOption[];
  /** What its arguments may be; undefined: it has none. */
  readonly argument: Value | undefined;
  readonly commands: readonly Completable[];
}

export const completable = (command: Command, path: readonly string[] = []): Completable => ({
  name: command.name(),
  path,
  summary: command.summary(),
  options: command.createHelp().visibleOptions(command).map(optionOf),
  argument: command.registeredArguments.map(valueOf)[0],
  commands: command.commands.map((one) => completable(one, [...path, one.name()])),
});

/** The program and all commands in it, from the outermost. */
export const all = (program: Completable): readonly Completable[] => [
  program,
  ...program.commands.flatMap(all),
];

const optionOf = (option: Option): CompletableOption => ({
  flags: [option.long, option.short].filter((flag) => typeof flag === 'string'),
  description: option.description,
  value: option.required || option.optional ? valueOf(option) : undefined,
});

/** What stands for a value says whether it is a file: `<file>`, `<folder>`. */
function valueOf(of: Option | Argument): Value {
  if (of.argChoices !== undefined) return { kind: 'choice', of: of.argChoices };
  const placeholder = 'flags' in of ? of.flags.replace(/^[^<[]*/, '') : of.name();
  return { kind: /\b(file|path|folder|command)\b/i.test(placeholder) ? 'file' : 'text' };
}
