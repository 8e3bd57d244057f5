import { all, type Completable, type CompletableOption, type Value } from './completable';

/** One line for each word that can be completed. */
export function fishScript(name: string, program: Completable): string {
  const complete = `complete --command ${name}`;
  const lines = all(program).flatMap((node) => {
    const condition = `--condition ${quoted(conditionOf(node))}`;
    return [
      ...node.commands.map(
        (inner) =>
          `${complete} ${condition} --arguments ${quoted(inner.name)} --description ${quoted(inner.summary)}`,
      ),
      ...node.options.map((option) => `${complete} ${condition} ${optionWords(option)}`),
      ...(node.argument === undefined ? [] : [`${complete} ${condition} ${valueWords(node.argument)}`]),
    ];
  });
  return [`# fish completion of ${name}`, `${complete} --no-files`, ...lines, ''].join('\n');
}

function conditionOf({ path, commands }: Completable): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const names = commands.map(({ name }) => name).join(' ');
  const open = names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`];
  return [...seen, ...open].join('; and ');
}

const optionWords = ({ flags, description, value }: CompletableOption): string =>
  [
    ...flags.map((flag) =>
      flag.startsWith('--') ? `--long-option ${flag.slice(2)}` : `--short-option ${flag.slice(1)}`,
    ),
    ...(value === undefined ? [] : ['--require-parameter', valueWords(value)]),
    `--description ${quoted(description)}`,
  ].join(' ');

function valueWords(value: Value): string {
  if (value.kind === 'choice') return `--no-files --arguments ${quoted(value.of.join(' '))}`;
  return value.kind === 'file' ? '--force-files' : '--no-files';
}

/** https://fishshell.com/docs/current/language.html#quotes */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
