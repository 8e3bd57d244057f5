import { AssetType, TerraformAsset, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

import { codeName, codeOf } from './packed-code';

const assetsByStack = new WeakMap<TerraformStack, Map<string, TerraformAsset>>();

/**
 * The bundled and zipped code of an entry file as an asset of the stack, one for all functions that run it,
 * named after the entry file's directory.
 *
 * A FILE asset, because CDKTF's archives carry file times and so differ at every synthesis.
 */
export function functionCode(scope: Construct, entryFile: string): TerraformAsset {
  const stack = TerraformStack.of(scope);
  const assets = assetsByStack.get(stack) ?? new Map<string, TerraformAsset>();
  assetsByStack.set(stack, assets);

  const existing = assets.get(entryFile);
  if (existing !== undefined) {
    return existing;
  }
  const { zipFile, hash } = codeOf(entryFile);
  const asset = new TerraformAsset(stack, codeName(entryFile), {
    path: zipFile,
    type: AssetType.FILE,
    assetHash: hash,
  });
  assets.set(entryFile, asset);
  return asset;
}
