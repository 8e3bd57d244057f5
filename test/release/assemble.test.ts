import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assemble } from '../../release/assemble';

describe('an assembled release', () => {
  let root: string;
  let folder: string;
  let notesFile: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'release-'));
    const project = join(root, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"name":"a-package","version":"0.1.0","files":["a.txt"]}');
    writeFileSync(join(project, 'a.txt'), 'a');
    writeFileSync(join(project, 'modules.zip'), 'not really a zip');
    mkdirSync(join(root, 'dist/release'), { recursive: true });
    writeFileSync(join(root, 'dist/release/of-an-earlier-version.tgz'), '');
    ({ folder, notesFile } = assemble(join(root, 'dist/release'), {
      project,
      archives: [join(project, 'modules.zip')],
      notes: '- first',
    }));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const check = (): string =>
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });

  it('has the package, the archives and their checksums, and nothing of an earlier one', () => {
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'a-package-0.1.0.tgz', 'modules.zip']);
  });

  it('has checksums that sha256sum verifies, for each file', () => {
    expect(check()).toBe('a-package-0.1.0.tgz: OK\nmodules.zip: OK\n');
  });

  it('has checksums that sha256sum refuses for a file that was changed since', () => {
    writeFileSync(join(folder, 'modules.zip'), 'another');

    expect(check).toThrow();
  });

  it('has the section of the changelog as its notes, and says how to verify', () => {
    expect(readFileSync(notesFile, 'utf8')).toMatch(/^- first\n\nTo check .*sha256sum --check SHA256SUMS/);
  });
});
