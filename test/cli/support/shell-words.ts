import type { Command } from 'commander';

/** The words of a simple line of the shell, as it takes quotes: `a 'b c'` */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));

/** What a person types to call it, without the name of the program: `policy print` */
export function textOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${textOf(parent)} ${command.name()}` : command.name();
}
