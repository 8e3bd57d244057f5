import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

import { unzipSync } from 'fflate';

/** Unpacks each zip once, under a private temporary directory. */
export class UnpackedZips {
  private root: string | undefined;
  private readonly byHash = new Map<string, Promise<string>>();

  /** The directory with the contents. */
  unpack(zip: Buffer): Promise<string> {
    const hash = createHash('sha256').update(zip).digest('hex');
    let unpacked = this.byHash.get(hash);
    if (!unpacked) {
      unpacked = this.unpackInto(hash.slice(0, 16), zip);
      this.byHash.set(hash, unpacked);
    }
    return unpacked;
  }

  readonly remove = (): void => {
    process.off('exit', this.remove);
    if (this.root !== undefined) rmSync(this.root, { recursive: true, force: true });
  };

  private async unpackInto(folder: string, zip: Buffer): Promise<string> {
    if (this.root === undefined) {
      this.root = mkdtempSync(join(tmpdir(), 'local-aws-functions-'));
      // Also where a test or a person ends the process without stopping the sandbox.
      process.on('exit', this.remove);
    }
    const directory = join(this.root, folder);
    await mkdir(directory);
    for (const [name, contents] of Object.entries(unzipSync(zip))) {
      const path = resolve(directory, name);
      if (!path.startsWith(directory + sep)) throw new Error(`The zip's entry ${name} lies outside of it`);
      if (name.endsWith('/')) continue;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
    }
    return directory;
  }
}
