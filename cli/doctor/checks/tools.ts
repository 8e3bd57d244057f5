import { spawnSync } from 'node:child_process';

import { engines } from '../../../package.json';
import { hasCode } from '../../error-code';
import { type Check, type Finding, problem } from '../check';

/** What the synthesized stacks need: an S3 backend that locks by a file, checks, and `removed` blocks. */
export const LEAST_TERRAFORM = '1.11';

export const tools: Check = {
  name: 'tools',
  looksAt: 'Node.js and Terraform on this machine',
  permissions: [],
  run: () =>
    Promise.resolve([
      ...tooOld('Node.js', process.versions.node, engines.node.replace('>=', '')),
      ...ofTerraform(),
    ]),
};

function ofTerraform(): readonly Finding[] {
  const { stdout, error } = spawnSync('terraform', ['version', '-json'], {
    encoding: 'utf8',
    // Terraform would ask HashiCorp for newer versions first.
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  if (hasCode(error, 'ENOENT')) {
    return [
      problem(
        'Terraform',
        'It is not on the PATH.',
        `Install ${LEAST_TERRAFORM} or newer: https://developer.hashicorp.com/terraform/install`,
      ),
    ];
  }
  const found = /"terraform_version":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (found !== undefined) return tooOld('Terraform', found, LEAST_TERRAFORM);
  return [
    problem(
      'Terraform',
      '`terraform version -json` names no version.',
      'Run it by itself, and see what it says.',
    ),
  ];
}

/** Compares as many parts of the version as the least one has. */
export function tooOld(tool: string, found: string, least: string): readonly Finding[] {
  const [have, need] = [partsOf(found), partsOf(least)];
  const at = need.findIndex((part, index) => (have[index] ?? 0) !== part);
  if (at === -1 || (have[at] ?? 0) > (need[at] ?? 0)) return [];
  return [problem(tool, `It is ${found}.`, `Install ${least} or newer.`)];
}

const partsOf = (version: string): readonly number[] =>
  version.split(/[.-]/).map(Number).filter(Number.isFinite);
