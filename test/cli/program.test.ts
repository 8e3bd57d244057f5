import type { Command } from 'commander';

import { describedAs } from '../../cli/help';
import { createProgram } from '../../cli/program';
import { textOf, wordsOf } from './support/shell-words';

/** Those that a person runs: a command that has commands is a heading. */
const commandsIn = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(commandsIn);

const commands = commandsIn(createProgram()).map((command) => [textOf(command), command] as const);

/** Up to where the shell begins something else. */
const COMMAND_LINE = /iam-key-rotation (?:'[^']*'|[^|>)'\n])*/g;

describe.each(commands)('the command %s', (name, command) => {
  const described = describedAs(command);
  const options = command.options.filter(({ hidden }) => !hidden);

  it('has a summary that fits into the list of commands, and a description in whole sentences', () => {
    expect(command.summary()).toMatch(/^[a-z].{8,65}[^.]$/);
    expect(command.description()).toMatch(/^[A-Z].*\.$/);
  });

  it('says in its help what its exit codes mean', () => {
    expect(Object.keys(described?.exitCodes ?? {})).toEqual(expect.arrayContaining(['0', '1', '130']));
    for (const meaning of Object.values(described?.exitCodes ?? {}))
      expect(meaning).toMatch(/^[^A-Z].*[^.]$/);
  });

  it('has an example, and all of its examples are accepted', () => {
    expect(described?.examples.length).toBeGreaterThan(0);
    const lines = (described?.examples ?? []).flatMap(({ text }) => text.match(COMMAND_LINE) ?? []);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect([line, whatIsWrongWith(line, name)]).toEqual([line, undefined]);
  });

  it('describes each of its options and arguments', () => {
    const described = [...options, ...command.registeredArguments];
    expect(described.filter(({ description }) => description.length < 3)).toEqual([]);
  });

  it('declares the document that it prints where it has --json, and only there', () => {
    expect(described?.document !== undefined).toBe(options.some(({ long }) => long === '--json'));
  });
});

/** What the command line says to a line of the shell, without doing it; undefined: nothing, it is accepted. */
function whatIsWrongWith(line: string, name: string): string | undefined {
  const program = createProgram();
  let called: string | undefined;
  let said = '';
  for (const command of [program, ...commandsIn(program)]) {
    command.exitOverride().configureOutput({ writeErr: (text) => void (said += text) });
    if (command !== program) command.action(() => void (called = textOf(command)));
  }
  try {
    program.parse(wordsOf(line).slice(1), { from: 'user' });
  } catch (error) {
    return said || String(error);
  }
  return called === name ? undefined : `It calls ${called ?? 'nothing'}.`;
}

it.each(['--region', '--profile', '--prefix', '--json', '--secret-id', '--user'])(
  'the option %s is the same in all commands that have it',
  (long) => {
    const found = commands.flatMap(([, command]) => command.options.filter((option) => option.long === long));
    const told = found.map(({ flags, description, defaultValue }) =>
      JSON.stringify([flags, description, defaultValue]),
    );
    expect([...new Set(told)]).toHaveLength(1);
  },
);

it.each([
  [['rolback'], '(Did you mean rollback?)'],
  [['sync', '--secret-id', 'app', '--wach'], '(Did you mean --watch?)'],
])('the command line asks of %j whether another word was meant', (args, question) => {
  const program = createProgram();
  let said = '';
  for (const command of [program, ...commandsIn(program)])
    command.exitOverride().configureOutput({ writeErr: (text) => void (said += text) });
  expect(() => program.parse(args, { from: 'user' })).toThrow();
  expect(said).toContain(question);
});

it.each(commands)(
  'the command %s is all that is loaded where it is called, but for those about all commands',
  (name) => {
    const [first = ''] = name.split(' ');
    const loaded = createProgram(first).commands.map((command) => command.name());
    const about = ['policy', 'completion'].includes(first)
      ? createProgram().commands.map((command) => command.name())
      : [first];
    expect(loaded).toEqual(about);
  },
);

it.each(['help', '--help', 'no-such-command'])('%s is answered from all commands', (word) => {
  expect(createProgram(word).commands).toHaveLength(createProgram().commands.length);
});

it('the help of a command shows its examples and its exit codes', () => {
  let said = '';
  const [, rollback] = commands.find(([name]) => name === 'rollback')!;
  rollback.configureOutput({ writeOut: (text) => void (said += text) }).outputHelp();
  expect(said).toContain(
    '\nExamples:\n  Leave a key with which the applications do not work:\n    iam-key-rotation rollback --user',
  );
  expect(said).toMatch(/\nExit status:\n {2}0 {4}it is done\n(.|\n)*\n {2}3 {4}nothing was done/);
});
