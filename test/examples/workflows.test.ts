import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');
const FOLDERS = ['.github/workflows', 'examples/pipelines/github-actions'];

/**
 * The first major version of each action that runs on Node 24: GitHub's runners have no Node 20 since September 2026.
 * https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/
 */
const FIRST_ON_NODE_24: Readonly<Record<string, number>> = {
  'actions/checkout': 5,
  'actions/download-artifact': 7,
  'actions/setup-node': 5,
  'actions/setup-python': 6,
  'actions/upload-artifact': 6,
  'aws-actions/configure-aws-credentials': 6,
  'hashicorp/setup-terraform': 4,
};

const uses = FOLDERS.flatMap((folder) =>
  readdirSync(join(PROJECT, folder))
    .filter((file) => file.endsWith('.yml'))
    .flatMap((file) =>
      readFileSync(join(PROJECT, folder, file), 'utf8')
        .split('\n')
        .filter((line) => /^\s*-?\s*uses:/.test(line))
        .map((line) => line.replace(/^\s*-?\s*uses:\s*/, '')),
    ),
);

describe('the actions of all workflows', () => {
  it.each([...new Set(uses)])('name in %s a commit, and the version that it is', (use) => {
    expect(use).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('are the same version of an action everywhere', () => {
    const actions = [...new Set(uses)].map((use) => use.split('@')[0]);

    expect(actions.sort()).toEqual([...new Set(actions)].sort());
  });

  it.each([...new Set(uses)])('run %s on a Node.js that runners still have', (use) => {
    const [, action, major] = /^([^@]+)@\S+ # v(\d+)/.exec(use)!;

    expect(Number(major)).toBeGreaterThanOrEqual(FIRST_ON_NODE_24[action!] ?? Infinity);
  });
});
