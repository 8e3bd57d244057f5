import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

import { unzipSync } from 'fflate';

/** Unpacks each zip once, under a private temporary directory. */
export class UnpackedZips {
  private root: Promise<string> | undefined;
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

  async remove(): Promise<void> {
    if (this.root) await rm(await this.root, { recursive: true, force: true });
  }

  private async unpackInto(folder: string, zip: Buffer): Promise<string> {
    this.root ??= mkdtemp(join(tmpdir(), 'local-aws-functions-'));
    const directory = join(await this.root, folder);
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
