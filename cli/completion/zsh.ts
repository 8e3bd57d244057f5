import type { Completable, CompletableOption, Value } from './completable';
import { inSingleQuotes } from '../shell-word';

/** For a folder of `fpath`, and for `source`: one function for each command. */
export function zshScript(program: string, root: Completable): string {
  const fn = functionOf(program, root.path);
  return `#compdef ${program}
# zsh completion of ${program}
${functionsFor(program, root).join('\n')}
if [[ $funcstack[1] == ${fn} ]]; then
  ${fn} "$@"
else
  compdef ${fn} ${program}
fi
`;
}

const functionOf = (program: string, path: readonly string[]): string =>
  ['', program, ...path].join('_').replaceAll('-', '_');

const functionsFor = (program: string, node: Completable): readonly string[] => [
  ...node.commands.flatMap((command) => functionsFor(program, command)),
  `${functionOf(program, node.path)}() {\n${node.commands.length === 0 ? ofCommand(node) : ofGroup(program, node)}\n}`,
];

const ofCommand = (node: Completable): string =>
  `  _arguments -S${specs([...node.options.flatMap(optionSpecs), ...argumentSpecs(node)])}`;

const ofGroup = (program: string, { commands, options }: Completable): string =>
  [
    '  local state line',
    '  local -a commands',
    `  commands=(${commands.map(({ name, summary }) => `\n    ${inSingleQuotes(`${name}:${summary}`)}`).join('')}\n  )`,
    `  _arguments -C${specs([...options.flatMap(optionSpecs), "'1: :->command'", "'*:: :->arguments'"])}`,
    '  case $state in',
    '    command) _describe -t commands command commands ;;',
    '    arguments)',
    '      case $line[1] in',
    ...commands.map(({ name, path }) => `        ${name}) ${functionOf(program, path)} ;;`),
    '      esac ;;',
    '  esac',
  ].join('\n');

const specs = (all: readonly string[]): string => all.map((spec) => ` \\\n    ${spec}`).join('');

/** https://zsh.sourceforge.io/Doc/Release/Completion-System.html#index-_005farguments */
const optionSpecs = ({ flags, description, value }: CompletableOption): readonly string[] =>
  flags.map((flag) => {
    const behind = value === undefined ? '' : `:value:${action(value)}`;
    return inSingleQuotes(`*${flag}[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]${behind}`);
  });

const argumentSpecs = ({ argument }: Completable): readonly string[] =>
  argument === undefined ? [] : [inSingleQuotes(`*:argument:${action(argument)}`)];

function action(value: Value): string {
  if (value.kind === 'file') return '_files';
  return value.kind === 'choice' ? `(${value.of.join(' ')})` : ' ';
}
