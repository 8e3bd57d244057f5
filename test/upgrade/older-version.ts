import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PROJECT = join(__dirname, '../..');

/** The sources of a commit, with the packages of this checkout. */
export class OlderVersion {
  private constructor(readonly folder: string) {}

  /** @param ref a commit, tag or branch. @throws Error if git does not know it */
  static async of(ref: string): Promise<OlderVersion> {
    const folder = mkdtempSync(join(tmpdir(), 'older-version-'));
    const archive = join(folder, 'sources.tar');
    const run = promisify(execFile);
    try {
      await run('git', ['archive', '--output', archive, ref], { cwd: PROJECT });
      await run('tar', ['-xf', archive, '-C', folder]);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
    return new OlderVersion(folder);
  }

  /** Synthesizes in a folder, as that version does. */
  async synthesize(folder: string, configuration: string): Promise<void> {
    const loader = pathToFileURL(require.resolve('tsx')).href;
    const args = [
      '--disable-warning=DEP0044',
      '--import',
      loader,
      join(this.folder, 'main.ts'),
      configuration,
    ];
    await promisify(execFile)(process.execPath, args, { cwd: folder });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
