import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import manifest from '../package.json';
import { deterministicZip } from '../modules/node-function/deterministic-zip';
import { synthesizeModules } from '../modules/terraform-module/synthesize-modules';
import { moduleReadme } from './module-readme';

/*
 * Writes the Terraform modules to dist/terraform, and as one zip beside it, which a `source` can name. Their Terraform
 * is synthesized from the constructs; examples and tests are written by hand and are in release/terraform.
 */

const PROJECT = join(__dirname, '..');
const HAND_WRITTEN = join(__dirname, 'terraform');
const TARGET = join(PROJECT, 'dist', 'terraform');

async function buildModule(): Promise<void> {
  rmSync(TARGET, { recursive: true, force: true });
  const folder = mkdtempSync(join(tmpdir(), 'terraform-module-'));
  try {
    for (const { name, json, files } of synthesizeModules(folder)) {
      const target = join(TARGET, name);
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'main.tf.json'), json);
      writeFileSync(join(target, 'README.md'), await moduleReadme(name, json));
      for (const file of files) {
        cpSync(file, join(target, basename(file)));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  cpSync(HAND_WRITTEN, TARGET, { recursive: true });
  cpSync(join(PROJECT, 'LICENSE'), join(TARGET, 'LICENSE'));
  writeFileSync(join(PROJECT, 'dist', `iam-key-rotation-terraform-${manifest.version}.zip`), archive());
}

function archive(): Uint8Array {
  const files = readdirSync(TARGET, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return deterministicZip(
    files.map((file) => ({
      name: file.slice(TARGET.length + 1).replaceAll('\\', '/'),
      bytes: readFileSync(file),
    })),
  );
}

void buildModule();
