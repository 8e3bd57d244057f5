import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { format } from 'prettier';

import manifest from '../package.json';
import { bundleOptions } from '../modules/node-function/bundle';
import { deterministicZip } from '../modules/node-function/deterministic-zip';
import { HANDLER_ENTRIES } from '../modules/node-function/handler-entries';
import { synthesizeModules } from '../modules/terraform-module/synthesize-modules';
import { mismatches, readDeclarations } from './hcl-module';
import { moduleReadme } from './module-readme';
import { NOTICES_FILE, thirdPartyNotices } from './third-party-notices';

/*
 * Writes the Terraform modules to dist/terraform, and as one zip beside it, which a `source` can name. Their resources
 * are synthesized from the constructs; variables, locals, outputs and tests are written by hand as HCL and are in
 * release/terraform. The example is that of examples/hcl.
 */

const PROJECT = join(__dirname, '..');
const HAND_WRITTEN = join(__dirname, 'terraform');
const EXAMPLE = join(PROJECT, 'examples', 'hcl', 'main.tf');
const TARGET = join(PROJECT, 'dist', 'terraform');

/** What one module takes from the folder of another. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  base: ['shared/versions.tf'],
  'rotated-user': ['shared/versions.tf'],
  'key-delivery': ['shared/versions.tf'],
  // Its versions.tf takes providers of other regions, too.
  'leak-response': [],
  'rotated-existing-user': [
    'shared/versions.tf',
    ...['variables.tf', 'locals.tf', 'deliver.tf', 'outputs.tf'].map((file) => `rotated-user/${file}`),
  ],
};

async function buildModule(): Promise<void> {
  process.stdout.write('The Terraform modules are being built: some 30 seconds.\n');
  rmSync(TARGET, { recursive: true, force: true });
  cpSync(HAND_WRITTEN, TARGET, { recursive: true });
  rmSync(join(TARGET, 'shared'), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'terraform-module-'));
  try {
    for (const { name, json, files } of synthesizeModules(folder)) {
      const target = join(TARGET, name);
      writeFileSync(join(target, 'main.tf.json'), json);
      for (const file of [...files, ...(COPIED[name] ?? []).map((copied) => join(HAND_WRITTEN, copied))]) {
        cpSync(file, join(target, basename(file)));
      }
      const declarations = await readDeclarations(target);
      const wrong = mismatches(declarations, json);
      if (wrong.length > 0) {
        throw new Error(
          `The HCL of ${name} in release/terraform does not fit its resources:\n${wrong.join('\n')}`,
        );
      }
      writeFileSync(
        join(target, 'README.md'),
        await format(moduleReadme(name, declarations), { parser: 'markdown' }),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  placeExample();
  cpSync(join(PROJECT, 'LICENSE'), join(TARGET, 'LICENSE'));
  writeFileSync(join(TARGET, NOTICES_FILE), thirdPartyNotices(HANDLER_ENTRIES.map(bundleOptions)));
  const zip = join(PROJECT, 'dist', `iam-key-rotation-terraform-${manifest.version}.zip`);
  writeFileSync(zip, archive());
  process.stdout.write(`The Terraform modules are built: ${TARGET}, ${zip}\n`);
}

/** In the archive the modules are beside the example, and not in a folder of it. */
function placeExample(): void {
  const text = readFileSync(EXAMPLE, 'utf8').replaceAll('"./modules/', '"../');
  mkdirSync(join(TARGET, 'example'), { recursive: true });
  writeFileSync(join(TARGET, 'example', 'main.tf'), text);
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
