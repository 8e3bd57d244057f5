import { createProgram } from '../../cli/program';
import { repositoryFiles, textOf } from './support/repository';

/** What a reader writes in the place of what is in angle brackets. */
const WRITTEN: readonly (readonly [RegExp, string])[] = [
  [/<[^>]*key id[^>]*>|<id of [^>]*key>/g, 'AKIAIOSFODNN7EXAMPLE'],
  [/<prefix>/g, 'iam-key-rotation'],
  [/<(user|stable key)>/g, 'ci-deployer'],
  [/<folder>/g, '.'],
];

/** Every command that a page or a message names; a pipe ends it. */
function commandsIn(file: string): readonly string[] {
  const found = [...textOf(file).matchAll(/npx iam-key-rotation ([a-z][^`\n|]*)/g)];
  return found.map(([, command = '']) => command.replace(/^\s*#.*/, '').trim());
}

const COMMANDS = repositoryFiles()
  .filter((file) => /^(README|docs\/.*)\.md$/.test(file))
  .flatMap((file) => commandsIn(file).map((command) => [file, command] as const));

test('the pages name many commands', () => {
  expect(COMMANDS.length).toBeGreaterThan(30);
});

test.each(COMMANDS)('%s: the command line takes %s', async (_file, command) => {
  const written = WRITTEN.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), command);
  const [name = '', ...args] = written.split(/\s+/);
  const called = createProgram(name).commands.find((one) => one.name() === name);
  const refused: string[] = [];
  await called
    ?.exitOverride()
    .configureOutput({ writeErr: (text) => void refused.push(text), writeOut: () => undefined })
    .action(() => undefined)
    .parseAsync(args, { from: 'user' })
    .catch(() => undefined);
  expect(called?.name()).toBe(name);
  expect(refused).toEqual([]);
});
