import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';

import manifest from '../../package.json';
import { sbomName } from '../../release/sbom';
import { linksOf } from '../docs/support/markdown';
import { CLI_COMMAND } from '../support/product';
import { pack, type Packed, PROJECT, UNPACKED } from './support/packed';

/** All that may be in the tarball. What it says of folders holds for files yet to come, too. */
const EXPECTED = [
  /^(LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|ARCHITECTURE\.md|SECURITY\.md|package\.json|rotation\.yaml|rotation(\.users)?\.schema\.json)$/,
  /^docs\/([\w-]+\/)*[\w-]+\.(md|json|svg|png|tf)$/,
  /^bin\/(iam-key-rotation|run)\.cjs$/,
  /^dist\/(cli\.js|THIRD-PARTY-NOTICES)$/,
  /^examples\/(README\.md|[\w-]+-policy\.json|(one-account|two-accounts|existing-users|hcl)\/[\w-]+\.(md|yaml|json|tf))$/,
  /^examples\/pipelines\/([\w-]+\/)?[\w-]+\.(json|sh|yml)$/,
  /^dist\/lib\/(modules|client|contract|handlers\/core)\/[\w/-]+\.(js|d\.ts)$/,
  /^dist\/lib\/handlers\/(rotate-access-key|retire-access-keys|notify-people|deliver-access-keys|respond-to-leaks)\/env\.(js|d\.ts)$/,
  /^dist\/lib\/handlers\/(rotate-access-key|retire-access-keys|notify-people|deliver-access-keys|respond-to-leaks)\/(\1\.zip|content\.sha256)$/,
];

describe('the tarball', () => {
  let folder: string;
  let packed: Packed;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    packed = await pack(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const textOf = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');
  const scripts = (): readonly string[] => packed.files.filter((file) => /\.(js|d\.ts)$/.test(file));

  it('holds what is used, and no test, sandbox, source or bundler', () => {
    expect(packed.files.filter((file) => !EXPECTED.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(packed.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'bin/iam-key-rotation.cjs',
        'dist/THIRD-PARTY-NOTICES',
        'dist/cli.js',
        'dist/lib/client/index.d.ts',
        'dist/lib/client/index.js',
        'dist/lib/handlers/deliver-access-keys/deliver-access-keys.zip',
        'dist/lib/handlers/notify-people/notify-people.zip',
        'dist/lib/handlers/retire-access-keys/retire-access-keys.zip',
        'dist/lib/handlers/rotate-access-key/rotate-access-key.zip',
        'dist/lib/modules/index.d.ts',
        'dist/lib/modules/index.js',
        'examples/existing-users/rotation.yaml',
        'examples/hcl/main.tf',
        'examples/one-account/rotation.yaml',
        'examples/pipelines/deploy.sh',
        'examples/two-accounts/rotation.yaml',
        'package.json',
        'rotation.schema.json',
        'rotation.users.schema.json',
      ]),
    );
    expect(packed.files.filter((file) => /(bundle|pack-sources|generate)\./.test(file))).toEqual([]);
  });

  it('is what the suites of the ways to adopt it test, in place of the sources', () => {
    expect(require.resolve('../../modules/rotation-stack')).toBe(
      join(UNPACKED, 'dist/lib/modules/rotation-stack.js'),
    );
    expect(CLI_COMMAND).toContain(join(UNPACKED, 'bin/iam-key-rotation.cjs'));
  });

  it('is small', () => {
    expect(packed.unpackedSize).toBeLessThan(5 * 2 ** 20);
  });

  it('has every entry that package.json names', () => {
    const { main, types, bin, exports } = manifest;
    const entries = [main, types, ...Object.values(bin), ...Object.values(exports)].flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );

    expect(packed.files).toEqual(expect.arrayContaining(entries.map((entry) => entry.replace(/^\.\//, ''))));
  });

  it('has pages whose links lead to what it holds', () => {
    const pages = packed.files.filter((file) => file.endsWith('.md'));
    const lost = pages.flatMap((page) =>
      linksOf(textOf(page))
        .map(({ file }) => (file === '' ? page : normalize(join(dirname(page), file))))
        .filter((target) => !packed.files.some((file) => file === target || file.startsWith(`${target}/`)))
        .map((target) => ({ page, target })),
    );

    expect(pages.length).toBeGreaterThan(10);
    expect(lost).toEqual([]);
  });

  it('has beside it a bill of materials with every package whose licence it holds', () => {
    const { components } = JSON.parse(textOf(join('dist', sbomName(manifest.version)))) as {
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const noticed = [...textOf(join('dist', 'THIRD-PARTY-NOTICES')).matchAll(/^(\S+) (\d\S*) \([^)]+\)$/gm)];

    expect(noticed.length).toBeGreaterThan(30);
    for (const [, name, version] of noticed)
      expect(components).toContainEqual(expect.objectContaining({ name, version }));
  });

  it('imports nothing but what it declares, and for the client nothing of CDKTF', () => {
    const builtin = new Set(builtinModules);
    const importsOf = (pattern: RegExp): readonly string[] => {
      const found = scripts()
        .filter((file) => pattern.test(file))
        .flatMap((file) => [...textOf(file).matchAll(/(?:require\(|from |import\()["']([^."'][^"']*)["']/g)])
        .map(([, name]) => name!)
        .filter((name) => !builtin.has(name.replace(/^node:/, '')))
        .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
      return [...new Set(found)].sort();
    };
    const { dependencies, peerDependencies } = manifest;

    expect(importsOf(/^dist\/lib\//)).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
    expect(importsOf(/^dist\/lib\/(client|contract|handlers)\//)).toEqual(
      Object.keys(dependencies).filter((name) => name !== 'yaml'),
    );
  });

  it('names no key and no folder of the machine that it was built on', () => {
    for (const file of scripts()) {
      const text = textOf(file);
      expect(text).not.toContain(PROJECT);
      const keys = [...text.matchAll(/\bA(?:KI|SI)A[A-Z0-9]{16}\b/g)].map(([id]) => id);
      expect(keys.filter((id) => !id.endsWith('EXAMPLE'))).toEqual([]);
    }
  });

  it('contains nothing of the library under the AGPL that evaluates policies in tests', () => {
    const { dependencies, peerDependencies } = manifest;

    expect(JSON.stringify({ dependencies, peerDependencies })).not.toContain('cloud-copilot');
    for (const file of scripts()) expect(textOf(file)).not.toMatch(/cloud-copilot|iam-simulate/);
  });
});
