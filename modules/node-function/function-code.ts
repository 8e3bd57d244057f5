import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { AssetType, TerraformAsset, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

import { bundle } from './bundle';
import { contentHash, deterministicZip } from './deterministic-zip';

interface PackedCode {
  readonly zipFile: string;
  readonly hash: string;
}

/** Bundling takes about a second, and a thousand functions may share one bundle: once per process. */
const packedCode = new Map<string, PackedCode>();

const assetsByStack = new WeakMap<TerraformStack, Map<string, TerraformAsset>>();

/**
 * The bundled and zipped code of an entry file as an asset of the stack, one for all functions that run it,
 * named after the entry file's directory.
 *
 * A FILE asset, because CDKTF's archives carry file times and so differ at every synthesis; and with our own
 * hash, because CDKTF's ignores file names and modes.
 */
export function functionCode(scope: Construct, entryFile: string): TerraformAsset {
  const stack = TerraformStack.of(scope);
  const assets = assetsByStack.get(stack) ?? new Map<string, TerraformAsset>();
  assetsByStack.set(stack, assets);

  const existing = assets.get(entryFile);
  if (existing !== undefined) {
    return existing;
  }
  const { zipFile, hash } = pack(entryFile);
  const asset = new TerraformAsset(stack, codeName(entryFile), {
    path: zipFile,
    type: AssetType.FILE,
    assetHash: hash,
  });
  assets.set(entryFile, asset);
  return asset;
}

function pack(entryFile: string): PackedCode {
  const known = packedCode.get(entryFile);
  if (known !== undefined) {
    return known;
  }
  const files = bundle(entryFile);
  // CDKTF copies the file when it synthesizes, after all constructs are made. Neither the name of this
  // directory nor anything else of this machine shows in what CDKTF then writes.
  const directory = mkdtempSync(join(tmpdir(), 'iam-key-rotation-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const zipFile = join(directory, `${codeName(entryFile)}.zip`);
  writeFileSync(zipFile, deterministicZip(files));
  const packed = { zipFile, hash: contentHash(files) };
  packedCode.set(entryFile, packed);
  return packed;
}

function codeName(entryFile: string): string {
  return basename(dirname(entryFile));
}
