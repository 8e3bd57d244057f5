/** A heading of CHANGELOG.md as https://keepachangelog.com has it: `## [0.1.0] - 2026-12-01`. */
const RELEASED = /^## \[(?<version>\d+\.\d+\.\d+(?:-[\w.]+)?)\] - \d{4}-\d{2}-\d{2}$/;
const ANY_HEADING = '## ';

/**
 * @param changelog - text of CHANGELOG.md
 * @returns what it says of the version, without its heading; undefined if it has no section with a date for it
 */
export function changelogSection(changelog: string, version: string): string | undefined {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => RELEASED.exec(line)?.groups?.['version'] === version);
  if (start === -1) return undefined;
  const following = lines.slice(start + 1);
  const end = following.findIndex((line) => line.startsWith(ANY_HEADING));
  return following
    .slice(0, end === -1 ? following.length : end)
    .join('\n')
    .trim();
}

/**
 * Links of a page of this repository, so that they lead to the same place from elsewhere: on the page of a release, a
 * relative link leads nowhere.
 *
 * @param files - address of the repository's root at the version, such as `https://code.example.com/team/it/blob/v0.1.0`
 */
export const withAbsoluteLinks = (markdown: string, files: string): string =>
  markdown.replaceAll(/\]\((?![a-z]+:|#)([^()]+)\)/g, (_link, path: string) => `](${files}/${path})`);
