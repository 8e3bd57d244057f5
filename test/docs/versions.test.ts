import { parse } from 'yaml';

import { FIRST_PROVIDER_OF_RUNTIME, FUNCTION_RUNTIMES } from '../../modules/node-function/lambda-runtime';
import { TESTED_PROVIDER_VERSION } from '../../modules/terraform/provider-version';
import manifest from '../../package.json';
import { repositoryFiles, textOf } from './support/repository';

const PAGE = textOf('docs/versions.md');

/** The cells of a row of "What it runs with". */
function row(name: string): readonly [versions: string, tested: string] {
  const [, versions, tested] = new RegExp(`^\\| ${name} +\\| ([^|]*)\\| ([^|]*)\\|`, 'm').exec(PAGE) ?? [];
  if (versions === undefined || tested === undefined) throw new Error(`docs/versions.md has no row ${name}.`);
  return [versions.trim(), tested.trim()];
}

describe('what docs/versions.md says that the product runs with', () => {
  const { jobs } = parse(textOf('.github/workflows/ci.yml')) as {
    jobs: { test: { strategy: { matrix: { node: readonly string[] } } } };
  };
  const terraformVersions = [
    ...textOf('.github/workflows/ci.yml').matchAll(/terraform_version: ([\d.]+)/g),
  ].map(([, version]) => version);

  it('is the Node.js of package.json, and those that the workflows test with', () => {
    expect(row('Node.js')).toEqual([
      `${manifest.engines.node.replace('>=', '')} or newer`,
      jobs.test.strategy.matrix.node.join(', '),
    ]);
  });

  it('is the Terraform that the workflows test with', () => {
    expect(new Set(terraformVersions)).toEqual(new Set([row('Terraform')[1]]));
    expect(textOf('release/terraform/shared/versions.tf')).toContain('required_version = ">= 1.9.0"');
    expect(row('Terraform')[0]).toMatch(/1\.9 for the Terraform modules$/);
  });

  it('is the AWS provider that the constructs admit, and the one that is pinned', () => {
    const [versions, tested] = row('AWS provider');

    expect(versions).toBe(`${FIRST_PROVIDER_OF_RUNTIME['nodejs22.x']} to 6`);
    expect(tested).toContain(TESTED_PROVIDER_VERSION);
  });

  it('is the CDKTF of the peer dependencies', () => {
    const [, cdktf, terrain] = /CDKTF +\| ([\d.]+), or .* ([\d.]+) +\|/.exec(PAGE) ?? [];

    expect(manifest.peerDependencies.cdktf).toBe(`^${cdktf!}.0 || ^${terrain!}.0`);
  });

  it('is each runtime of the functions', () => {
    for (const runtime of FUNCTION_RUNTIMES) expect(PAGE).toContain(`\`${runtime}\``);
  });
});

it('an archive that a page names is that of the version in package.json', () => {
  const named = repositoryFiles()
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => [
      ...textOf(file).matchAll(/iam-key-rotation(?:-terraform)?-(\d+\.\d+\.\d+)\.(?:tgz|zip)/g),
    ]);

  expect(named.length).toBeGreaterThan(4);
  expect(new Set(named.map(([, version]) => version))).toEqual(new Set([manifest.version]));
});

it('no page has the package installed by its name, which nobody has registered', () => {
  const byName = repositoryFiles()
    .filter((file) => file.endsWith('.md'))
    .filter((file) => /npm (install|i|add)( -[\w-]+)* iam-key-rotation(?![\w.-])/.test(textOf(file)));

  expect(byName).toEqual([]);
});
