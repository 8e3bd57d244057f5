import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import manifest from '../package.json';
import { assemble } from './assemble';
import { changelogSection, withAbsoluteLinks } from './changelog';
import { filesOf, releaseProblems } from './release-problems';
import { sbomName } from './sbom';

/*
 * `npm run release -- v0.1.0` checks, builds, and leaves in dist/release what .github/workflows/release.yml publishes. It
 * publishes nothing itself. `--check` only checks. Exit code 1: the tag may not be released, and why.
 */

const PROJECT = join(__dirname, '..');
const FOLDER = join(PROJECT, 'dist', 'release');

function main(args: readonly string[]): void {
  const [tag, ...rest] = args.filter((arg) => arg !== '--check');
  if (tag === undefined || rest.length > 0) {
    fail(['Name the tag: `npm run release -- v0.1.0`, or with `--check` to do nothing but check.']);
    return;
  }
  const changelog = readFileSync(join(PROJECT, 'CHANGELOG.md'), 'utf8');
  const problems = releaseProblems({ tag, manifest, changelog });
  if (problems.length > 0) {
    fail(problems);
    return;
  }
  process.stdout.write(`${tag} may be released.\n`);
  if (args.includes('--check')) return;
  if (spawnSync('npm', ['run', 'build'], { cwd: PROJECT, stdio: 'inherit' }).status !== 0) {
    fail(['The build failed, so nothing was put together. What it says is above.']);
    return;
  }
  const { folder, notesFile } = assemble(FOLDER, {
    project: PROJECT,
    archives: [`iam-key-rotation-terraform-${manifest.version}.zip`, sbomName(manifest.version)].map((name) =>
      join(PROJECT, 'dist', name),
    ),
    notes: withAbsoluteLinks(changelogSection(changelog, manifest.version) ?? '', filesOf(manifest, tag)),
  });
  process.stdout.write(`To release: ${folder}, with ${notesFile}\n`);
}

function fail(sentences: readonly string[]): void {
  process.stderr.write(`${sentences.join('\n')}\n`);
  process.exitCode = 1;
}

main(process.argv.slice(2));
