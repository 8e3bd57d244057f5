import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { ConfigurationError, formatPath, type Path, type ToldProblem } from '../../../modules/config/problem';

/** When the texts are read: the end of an exemption is compared with it. */
export const NOW = Date.UTC(2026, 10, 23, 12);

/** A file with one stack, whose keys begin in line 5 after the required ones, in column 5. */
export const fileWithStack = (...lines: readonly string[]): string =>
  [
    'stacks:',
    '  production:',
    "    accountId: '111122223333'",
    '    region: eu-west-1',
    ...lines.map((line) => `    ${line}`),
    ...(lines.some((line) => line.startsWith('users:')) ? [] : ['    users: {}']),
    '',
  ].join('\n');

/** A file with these stacks, each in a line. */
export const fileWithStacks = (...stacks: readonly string[]): string =>
  ['stacks:', ...stacks.map((stack) => `  ${stack}`), ''].join('\n');

/** A file with one stack and one user, whose keys begin in line 7, in column 9. */
export const fileWithUser = (...lines: readonly string[]): string =>
  fileWithStack('users:', '  ci-deployer:', ...lines.map((line) => `    ${line}`));

/** The error that a text leads to; fails if there is none. */
export function refusalOf(text: string): ConfigurationError {
  try {
    parseConfiguration('rotation.yaml', text, NOW);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

/** All problems as they are printed, without the line that counts them. */
export const problemsOf = (text: string): string => refusalOf(text).message.replace(/^.*\n\n/, '');

/** What is wrong with the value of a place. */
export const problemsAt = (path: Path, text: string): ToldProblem[] =>
  refusalOf(text).problems.filter((problem) => formatPath(problem.path) === formatPath(path));

/** Holds the whole text that a person is shown, which follows the call as a template. */
export const itRefuses =
  (what: string, text: string) =>
  (expected: TemplateStringsArray, ...values: readonly string[]): void => {
    it(`rotation.yaml is refused for ${what}`, () => {
      expect(problemsOf(text)).toBe(String.raw({ raw: expected }, ...values).trim());
    });
  };

/**
 * The same for one key of a user, or of a stack, in a file that says nothing else: its place follows from the line, and so
 * does what was found, unless the template begins with it.
 */
const itRefusesLine =
  (file: (line: string) => string, place: string) =>
  (what: string, line: string) =>
  (expected: TemplateStringsArray): void => {
    const [, key, value] = /^(\w+): (.*)$/.exec(line)!;
    const found = expected.raw[0]!.startsWith('\n  found') ? '' : `\n  found  '${value!}'`;
    itRefuses(what, file(line))`${`${place}${key!}${found}${expected.raw[0]!}`}`;
  };
export const itRefusesOfUser = itRefusesLine(
  fileWithUser,
  'rotation.yaml:7:9 stacks.production.users.ci-deployer.',
);
export const itRefusesOfStack = itRefusesLine(fileWithStack, 'rotation.yaml:5:5 stacks.production.');

/** The other side of a limit. */
export function itAccepts(what: string, text: string): void {
  it(`rotation.yaml is accepted with ${what}`, () => {
    expect(() => parseConfiguration('rotation.yaml', text, NOW)).not.toThrow();
  });
}
