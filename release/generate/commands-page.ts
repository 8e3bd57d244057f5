import type { Argument, Command, Option } from 'commander';

import { createProgram } from '../../cli/program';
import { describedAs, type Described } from '../../cli/help';
import { documentFields } from './document-fields';
import { hanging, table, wrapped } from './markdown';

const INTRODUCTION = `# Commands

<!-- Made from the commands by \`npm run generate\`: change cli/commands, not this page. -->

What \`npx iam-key-rotation\` can do; the help of each command says the same. They work with the caller's own AWS
credentials and with no other rights. Results are on stdout, everything else is on stderr. Colours are for terminals, and never
shown with \`NO_COLOR\`. \`--json\` prints one document: its fields keep their names and meanings, and later versions may
add fields. A moment is text as in ISO 8601, in UTC.`;

/** docs/commands.md, in Markdown: the groups of the help, with a heading for each command. */
export function commandsPage(program: Command = createProgram()): string {
  const commands = program.commands.flatMap((group) =>
    commandsIn(group).map((command) => ({ command, group: group.helpGroup() })),
  );
  const groups = [...new Set(commands.map(({ group }) => group))];
  const ofGroup = (group: string): readonly Command[] =>
    commands.filter((one) => one.group === group).map(({ command }) => command);
  return [
    INTRODUCTION,
    ...groups.map((group) => [`**${group}**`, '', ...ofGroup(group).map(line)].join('\n')),
    ...groups.flatMap(ofGroup).flatMap((command) => section(program, command)),
  ].join('\n\n');
}

/** Those that a person runs: a command that has commands is a heading. */
export const commandsIn = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(commandsIn);

/** What a person types to call it, without the name of the program. */
export function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

const line = (command: Command): string => {
  const name = nameOf(command);
  return `- [${name}](#${name.replaceAll(' ', '-')}): ${command.summary()}`;
};

function section(program: Command, command: Command): readonly string[] {
  const described = describedAs(command);
  if (described === undefined)
    throw new TypeError(`The command ${nameOf(command)} is not described, see cli/help.ts.`);
  const options = command.options.filter(({ hidden }) => !hidden);
  return [
    `## ${nameOf(command)}`,
    wrapped(command.description()),
    code(synopsis(program, command, options)),
    parametersTable(command.registeredArguments, options),
    ...described.examples.flatMap(({ title, text }) => [`${title}:`, code(text.trim())]),
    table(
      ['exit code', 'meaning'],
      ...Object.entries(described.exitCodes).map(([exitCode, meaning]) => [exitCode, cell(meaning)]),
    ),
    callsOf(command, described),
    ...documentOf(described),
  ].filter((part) => part !== '');
}

/** Without what may be left out, which the table has. */
function synopsis(program: Command, command: Command, options: readonly Option[]): string {
  const required = options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const rest = options.length > required.length ? ['[options]'] : [];
  const args = command.registeredArguments.map(termOf);
  // What stands behind another program is for that program.
  const separator = args.includes('<command...>') ? ['--'] : [];
  return [program.name(), nameOf(command), ...required, ...rest, ...separator, ...args].join(' ');
}

const termOf = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

function parametersTable(args: readonly Argument[], options: readonly Option[]): string {
  const rows = [
    ...args.map((argument) => [`\`${termOf(argument)}\``, meaningOf(argument)]),
    ...options.map((option) => [`\`${option.flags}\``, meaningOf(option)]),
  ];
  return rows.length === 0 ? '' : table(['option', 'meaning'], ...rows);
}

function meaningOf({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
}: Argument | Option): string {
  const choices =
    argChoices === undefined ? [] : [`one of ${argChoices.map((one) => `\`${one}\``).join(', ')}`];
  const byDefault: unknown = defaultValueDescription ?? defaultValue;
  const without =
    byDefault === undefined
      ? []
      : [`default \`${typeof byDefault === 'string' ? byDefault : JSON.stringify(byDefault)}\``];
  return cell([description, ...choices, ...without].join('; '));
}

function callsOf(command: Command, { permissions = [] }: Described): string {
  const actions = [...new Set(permissions.flatMap((permission) => permission.actions))].sort();
  if (actions.length === 0) return '';
  const list = actions.map((action) => `\`${action}\``).join(', ');
  return wrapped(
    `It may call ${list}. \`iam-key-rotation policy ${nameOf(command)}\` prints the policy for it.`,
  );
}

/** A list: types that name all values of a word are too wide for a table. */
function documentOf({ document }: Described): readonly string[] {
  if (document === undefined) return [];
  const fields = documentFields(document).map(({ path, type, meaning }) =>
    hanging(`- \`${path}\` (${type}): ${meaning}`),
  );
  return ['With `--json` it prints a document with these fields:', fields.join('\n')];
}

const code = (text: string): string => ['```', text, '```'].join('\n');

/** A bar would end the cell, and what stands in angle brackets would be taken for HTML, but not in code. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('');
