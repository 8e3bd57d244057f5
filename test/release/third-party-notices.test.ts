import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BuildOptions } from 'esbuild';

import { thirdPartyNotices } from '../../release/third-party-notices';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const install = (name: string, files: Readonly<Record<string, string>>): void => {
  const root = join(folder, 'node_modules', name);
  mkdirSync(root, { recursive: true });
  const manifest = { name, version: '1.2.3', license: 'MIT', main: 'index.js' };
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(join(root, file), text);
  }
};
const aBundleOf = (source: string): BuildOptions => {
  writeFileSync(join(folder, 'main.js'), source);
  return { absWorkingDir: folder, entryPoints: ['main.js'], bundle: true, logLevel: 'silent' };
};

it('the notices for the packages in a bundle hold the licence and the notice of each package whose code is in it, once', () => {
  install('left', {
    'index.js': 'export const left = 1;',
    LICENSE: 'Copyright Left\n',
    NOTICE: 'Made by Left',
  });
  install('@scope/right', {
    'index.js': "export { left as right } from 'left';",
    LICENSE: 'Copyright Right',
  });
  const bundled = aBundleOf(
    "import { left } from 'left'; import { right } from '@scope/right'; console.log(left, right);",
  );

  const notices = thirdPartyNotices([bundled, bundled]);

  expect(notices.match(/left 1\.2\.3 \(MIT\)\n\nCopyright Left\n\nMade by Left\n/g)).toHaveLength(1);
  expect(notices).not.toContain('Copyright Right');
});

it('the notices for the packages in a bundle name a package without a licence, whose code nobody may publish', () => {
  install('lawless', { 'index.js': 'export const x = Math.random();' });

  expect(() => thirdPartyNotices([aBundleOf("import { x } from 'lawless'; console.log(x);")])).toThrow(
    'lawless 1.2.3 (MIT) has no licence file: its code cannot be published in a bundle.',
  );
});
