import { all, type Completable, type Value } from './completable';
import { inSingleQuotes } from '../shell-word';

/** For bash from 3.2 on, which macOS has: without `compopt` and `mapfile`. */
export function bashScript(name: string, program: Completable): string {
  const nodes = all(program);
  const fn = `_${name.replaceAll('-', '_')}`;
  return `# bash completion of ${name}
${fn}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at='' one
  COMPREPLY=()
  for one in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    # What stands behind is for another program.
    if [[ $one == -- ]]; then ${fn}_files "$word"; return; fi
    case "$at $one" in
      ${alternatives(nodes.slice(1).map(({ path }) => keyOf(path)))}) at="$at $one" ;;
    esac
  done
  case "$at $before" in
${valueCases(fn, nodes).join('\n')}
  esac
  case "$at" in
${nodes.map((node) => wordCase(fn, node)).join('\n')}
  esac
}
${fn}_words() {
  COMPREPLY+=($(compgen -W "$2" -- "$1"))
}
${fn}_files() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen -f -- "$1"))
}
complete -F ${fn} ${name}
`;
}

/** How the script has a way through the commands. */
const keyOf = (path: readonly string[]): string => path.map((word) => ` ${word}`).join('');

const alternatives = (keys: readonly string[]): string => keys.map(inSingleQuotes).join(' | ');

/** Options with the same kind of value in one case. */
function valueCases(fn: string, nodes: readonly Completable[]): readonly string[] {
  const keys = new Map<string, string[]>();
  for (const { path, options } of nodes)
    for (const { flags, value } of options) {
      if (value === undefined) continue;
      const answer = answerTo(fn, value);
      keys.set(answer, [...(keys.get(answer) ?? []), ...flags.map((flag) => keyOf([...path, flag]))]);
    }
  return [...keys].map(([answer, of]) => `    ${alternatives(of)}) ${answer}return ;;`);
}

function answerTo(fn: string, value: Value): string {
  if (value.kind === 'file') return `${fn}_files "$word"; `;
  return value.kind === 'choice' ? `${fn}_words "$word" ${inSingleQuotes(value.of.join(' '))}; ` : '';
}

function wordCase(fn: string, { path, commands, options, argument }: Completable): string {
  const words = [
    ...commands.map(({ name }) => name),
    ...(argument?.kind === 'choice' ? argument.of : []),
    ...options.flatMap(({ flags }) => flags.slice(0, 1)),
  ];
  const files = argument?.kind === 'file' ? `; ${fn}_files "$word"` : '';
  return `    ${inSingleQuotes(keyOf(path))}) ${fn}_words "$word" ${inSingleQuotes(words.join(' '))}${files} ;;`;
}
