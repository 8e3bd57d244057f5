import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from '@cdktf/hcl2json';
import { App } from 'cdktf';

import { loadConfiguration } from '../../modules/config/load-configuration';
import { RotationStack } from '../../modules/rotation-stack';
import { readDeclarations } from '../../release/hcl-module';

const PROJECT = join(__dirname, '../..');
const EXAMPLES = join(PROJECT, 'examples');
const textOf = (path: string): string => readFileSync(join(EXAMPLES, path), 'utf8');

const FOLDERS = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const CONFIGURATIONS = FOLDERS.filter((folder) =>
  readdirSync(join(EXAMPLES, folder)).includes('rotation.yaml'),
);

it('examples/README.md has a row for each folder', () => {
  const rows = [...textOf('README.md').matchAll(/^\| \[([\w-]+)\]/gm)].map(([, folder]) => folder!);

  expect(rows.toSorted()).toEqual(FOLDERS.toSorted());
});

it('each example has a README.md that says what to do with it, but for the pipelines, which have a page', () => {
  for (const folder of FOLDERS.filter((name) => name !== 'pipelines')) {
    expect(textOf(`${folder}/README.md`)).toMatch(/^# .+\n[^]*^1\. /m);
  }
});

it('there are examples of one account, two accounts and existing users', () => {
  expect(CONFIGURATIONS.toSorted()).toEqual(['existing-users', 'one-account', 'two-accounts']);
});

describe.each(CONFIGURATIONS)('examples/%s/rotation.yaml', (folder) => {
  const file = join(EXAMPLES, folder, 'rotation.yaml');
  let outdir: string;
  beforeAll(() => (outdir = mkdtempSync(join(tmpdir(), 'example-'))));
  afterAll(() => rmSync(outdir, { recursive: true }));

  it('is read without an error or a warning', () => {
    const { stacks, warnings } = loadConfiguration(file);

    expect(warnings).toEqual([]);
    expect(stacks.length).toBeGreaterThan(0);
  });

  it('is synthesized to a stack for each of its entries, with a secret for each user', () => {
    const { stacks } = loadConfiguration(file);
    const app = new App({ outdir });
    for (const configuration of stacks) new RotationStack(app, { configuration });
    app.synth();

    expect(readdirSync(join(outdir, 'stacks')).toSorted()).toEqual(stacks.map(({ name }) => name).toSorted());
    for (const { name, users } of stacks) {
      const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')) as {
        resource: Record<string, Record<string, unknown>>;
      };
      expect(Object.keys(resource['aws_secretsmanager_secret']!).toSorted()).toEqual(
        users.map(({ key }) => key).toSorted(),
      );
    }
  });
});

it('examples/existing-users imports what it owns and looks up what it does not, with the take-over as a comment', () => {
  const [stack] = loadConfiguration(join(EXAMPLES, 'existing-users/rotation.yaml')).stacks;

  expect(stack!.users.map(({ key, existing, import: imported }) => ({ key, existing, imported }))).toEqual([
    { key: 'legacy_mailer', existing: true, imported: false },
    { key: 'uploader', existing: false, imported: true },
  ]);
  expect(textOf('existing-users/rotation.yaml').match(/# takeOver: all # step 5/g)).toHaveLength(2);
});

it('examples/two-accounts has the reader’s policy for the secret and the key of its rotation.yaml', () => {
  const [production] = loadConfiguration(join(EXAMPLES, 'two-accounts/rotation.yaml')).stacks;
  const { Statement } = JSON.parse(textOf('two-accounts/reader-policy.json')) as {
    Statement: { Action: string | string[]; Resource: string }[];
  };
  const { accountId, region, secretPrefix, kmsKeyArn, users } = production!;

  expect(users[0]!.readers).toEqual(['arn:aws:iam::444455556666:role/deploy']);
  expect(Statement.map(({ Resource }) => Resource)).toEqual([
    `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretPrefix}/${users[0]!.key}-AbCdEf`,
    kmsKeyArn,
  ]);
});

describe('examples/hcl/main.tf', () => {
  interface Call extends Readonly<Record<string, unknown>> {
    readonly source: string;
  }
  const META = ['source', 'for_each', 'providers'];
  let calls: readonly (readonly [name: string, Call])[];
  beforeAll(async () => {
    const file = (await parse('main.tf', textOf('hcl/main.tf'))) as { module: Record<string, [Call]> };
    calls = Object.entries(file.module).map(([name, [call]]) => [name, call] as const);
  });

  it('calls the modules where its README unpacks them, with inputs that they have and all that they need', async () => {
    expect(calls.map(([name]) => name)).toEqual(['base', 'base_virginia', 'deployer', 'mailer']);
    for (const [, call] of calls) {
      const [, name] = /^\.\/modules\/([\w-]+)$/.exec(call.source) ?? [];
      const { variables } = await readDeclarations(join(PROJECT, 'release/terraform', name!));
      const given = Object.keys(call).filter((input) => !META.includes(input));
      const needed = [...variables].filter(([, { default: preset }]) => preset === undefined);

      expect(given.filter((input) => !variables.has(input))).toEqual([]);
      expect(given).toEqual(expect.arrayContaining(needed.map(([input]) => input)));
    }
  });
});
