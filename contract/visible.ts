/**
 * Text that somebody else wrote, as people are shown it: in one line, and without what a terminal would obey or hide, which
 * stands there as `\u{1b}`. It is no command for what collects the output of a pipeline, either: GitHub takes a line that
 * begins with `::` and what follows `##[` for one, Azure what follows `##vso[`.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export const visible = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped)
    .replace(/^(\s*):(?=:)/, (_, spaces: string) => `${spaces}${escaped(':')}`)
    .replaceAll(/#(?=#(?:\[|vso\[))/gi, escaped);

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
