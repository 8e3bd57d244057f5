import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { HANDLER_ENTRIES, ROTATE_ACCESS_KEY_ENTRY } from '../../../modules/node-function/handler-entries';
import { FUNCTION_RUNTIMES } from '../../../modules/node-function/lambda-runtime';
import { nodeOf } from '../../../sandbox/lambda/node-binary';
import { bundle } from '../../../modules/node-function/bundle';

const FIXTURE = join(__dirname, '../support/fixture-function');

const made: string[] = [];
function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'bundle test '));
  made.push(path);
  return path;
}
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true })));

/** Loads the bundle as Lambda does, from a directory where there is nothing else, and evaluates the expression. */
function evaluate(
  entryFile: string,
  expression: string,
  env: Record<string, string> = {},
  node = process.execPath,
): unknown {
  const file = join(directory(), 'index.mjs');
  writeFileSync(file, bundle(entryFile)[0]!.bytes);
  const script = `const bundle = await import(${JSON.stringify(pathToFileURL(file).href)});
    process.stdout.write(JSON.stringify(${expression}));`;
  const run = spawnSync(node, ['--no-warnings', '--input-type=module', '--eval', script], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

it('a bundle is one ES module', () => {
  expect(bundle(join(FIXTURE, 'index.ts')).map(({ name }) => name)).toEqual(['index.mjs']);
});

it('a bundle runs where there is nothing else', () => {
  expect(evaluate(join(FIXTURE, 'index.ts'), "bundle.handler({ name: 'Lambda' })")).toBe('Hello, Lambda. ✓');
});

it('a bundle is made of the same bytes wherever the sources are, also under a path with a space', () => {
  const copies = [directory(), directory()].map((copy) => {
    cpSync(FIXTURE, join(copy, 'deep', 'er'), { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{}');
    return bundle(join(copy, 'deep', 'er', 'index.ts'))[0]!.bytes;
  });

  expect(copies[0]).toEqual(copies[1]);
  expect(copies[0]).toEqual(bundle(join(FIXTURE, 'index.ts'))[0]!.bytes);
});

it('a bundle says which file it cannot bundle', () => {
  expect(() => bundle(join(FIXTURE, 'nowhere.ts'))).toThrow('nowhere.ts');
});

it.each(FUNCTION_RUNTIMES)(
  'the bundle of the rotation function loads on %s with nothing but itself and its environment',
  (runtime) => {
    const env = {
      TABLE_NAME: 'table',
      STACK: 'prefix',
      SECRET_NAME_PREFIX: 'prefix',
      AWS_REGION: 'eu-west-1',
    };

    expect(evaluate(ROTATE_ACCESS_KEY_ENTRY, 'typeof bundle.handler', env, nodeOf(runtime))).toBe('function');
  },
);

it('the bundle of the rotation function names no file of this machine', () => {
  const text = new TextDecoder().decode(bundle(ROTATE_ACCESS_KEY_ENTRY)[0]!.bytes);

  expect(text).not.toContain('node_modules');
  expect(text).not.toContain(join(__dirname, '../../..'));
});

it.each(HANDLER_ENTRIES)(
  'what is bundled of %s finds its credentials where Lambda puts them, and nowhere else',
  (entry) => {
    const code = Buffer.from(bundle(entry)[0]!.bytes).toString();
    const places = ['AWS_SESSION_TOKEN', 'credential_process', 'sso_session', 'web_identity_token_file'];
    expect(places.filter((place) => code.includes(place))).toEqual(['AWS_SESSION_TOKEN']);
  },
);
