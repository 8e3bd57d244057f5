import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CommanderError, type Command } from 'commander';
import * as fc from 'fast-check';

import { createProgram } from '../../cli/program';
import { hostileTexts, outcomeOf } from './support/hostile';

/* A script may hand on what somebody else wrote: whatever stands in the command line is taken, or refused in words. */

const commandsIn = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap((one) => commandsIn(one)),
];

const leaves = commandsIn(createProgram()).filter(({ commands, parent }) => commands.length === 0 && parent);

/** The words that call a command. */
const wordsOf = (command: Command): readonly string[] =>
  command.parent === null ? [] : [...wordsOf(command.parent), command.name()];

let folder: string;
let before: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  before = process.cwd();
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it.each(leaves.map((command) => [wordsOf(command).join(' '), command] as const))(
  '%s takes or refuses whatever options and arguments it gets, and writes nothing for that',
  async (name, command) => {
    const flags = command.options.flatMap(({ long }) => (long ? [long] : []));
    const word = fc.oneof(
      hostileTexts,
      fc.constantFrom('--', '-', ...flags, ...flags.map((flag) => `${flag}=`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        const program = createProgram();
        for (const one of commandsIn(program)) {
          one.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
          // What is taken is not done.
          if (one.commands.length === 0) one.action(() => undefined);
        }
        await outcomeOf(() => program.parseAsync([...name.split(' '), ...words], { from: 'user' }), {
          errors: [CommanderError, Error],
        });
      }),
      { numRuns: 15 },
    );
    expect(readdirSync(folder)).toEqual([]);
  },
);
