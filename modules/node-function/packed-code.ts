import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The code of a function, ready for Lambda. */
export interface PackedCode {
  readonly zipFile: string;
  /** SHA-256 of the zip, in hexadecimal: what AWS runs is told from what it should run by these bytes, too. */
  readonly hash: string;
}

/** Bundling takes about a second, and a thousand functions may share one bundle: once per process. */
const packedCode = new Map<string, PackedCode>();

/**
 * The code of an entry file. Where the sources are, in the repository, it is built from them; in the npm package, which
 * has no sources and no bundler, the same bytes lie ready in the place of the entry file.
 */
export function codeOf(entryFile: string): PackedCode {
  const known = packedCode.get(entryFile);
  if (known !== undefined) {
    return known;
  }
  const zipFile = existsSync(entryFile) ? fromSources(entryFile) : prebuilt(entryFile);
  const packed = { zipFile, hash: createHash('sha256').update(readFileSync(zipFile)).digest('hex') };
  packedCode.set(entryFile, packed);
  return packed;
}

/** Also the name of the asset: `rotate-access-key`. */
export function codeName(entryFile: string): string {
  return basename(dirname(entryFile));
}

/** Where the code of an entry file lies in the npm package. */
export const prebuiltZip = (entryFile: string): string =>
  join(dirname(entryFile), `${codeName(entryFile)}.zip`);

function prebuilt(entryFile: string): string {
  const zipFile = prebuiltZip(entryFile);
  if (!existsSync(zipFile)) {
    throw new Error(
      `Neither ${entryFile} nor ${zipFile} is there. If your app is bundled, leave iam-key-rotation out of the bundle ` +
        '(esbuild: --packages=external); if not, install iam-key-rotation again.',
    );
  }
  return zipFile;
}

function fromSources(entryFile: string): string {
  return loadPacking().packSources(entryFile, codeName(entryFile));
}

interface Packing {
  readonly packSources: (entryFile: string, name: string) => string;
}

/** Not an import: the package has neither the bundler nor this file, and constructs are made synchronously. */
function loadPacking(): Packing {
  try {
    // Within a `try` a bundler of somebody's app takes it for what may be missing, as it is in the package.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require('./pack-sources') as Packing;
  } catch (error) {
    throw new Error('The code of the functions cannot be bundled from its sources.', { cause: error });
  }
}
