import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { MOTO_VERSION } from '../../sandbox/moto/command';

const PROJECT = join(__dirname, '../..');
const FOLDERS = ['.github/workflows', 'examples/pipelines/github-actions'];

/**
 * The first major version of each action that runs on Node 24: GitHub's runners have no Node 20 since September 2026.
 * https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/
 */
const FIRST_ON_NODE_24: Readonly<Record<string, number>> = {
  'actions/attest': 3,
  'actions/checkout': 5,
  'actions/download-artifact': 7,
  'actions/setup-node': 5,
  'actions/setup-python': 6,
  'actions/upload-artifact': 6,
  'aws-actions/configure-aws-credentials': 6,
  'hashicorp/setup-terraform': 4,
};

const workflows = FOLDERS.flatMap((folder) =>
  readdirSync(join(PROJECT, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => ({ file, text: readFileSync(join(PROJECT, folder, file), 'utf8') })),
);
const uses = workflows.flatMap(({ text }) =>
  text
    .split('\n')
    .filter((line) => /^\s*-?\s*uses:/.test(line))
    .map((line) => line.replace(/^\s*-?\s*uses:\s*/, '')),
);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const jobs = workflows.flatMap(({ file, text }) =>
  Object.entries((parse(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs).map(
    ([name, job]) => [`${name} of ${file}`, job] as const,
  ),
);
const isOf = (action: string) => (step: Step) => step.uses?.startsWith(`${action}@`) === true;

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

describe.each(jobs)('the job %s', (_, { environment, steps }) => {
  const credentials = steps.filter(isOf('aws-actions/configure-aws-credentials'));

  it('leaves no token of the repository behind for what runs after the checkout', () => {
    const checkouts = steps.filter(isOf('actions/checkout'));

    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(checkouts.map(() => false));
  });

  it('installs Python tools of pinned versions only', () => {
    const installs = steps.flatMap(({ run }) => run?.match(/pip install.*/g) ?? []);

    expect(installs.filter((line) => line !== 'pip install --requirement .github/requirements.txt')).toEqual(
      [],
    );
  });

  it('has credentials of AWS only after the packages are installed, and runs no scripts of theirs then', () => {
    const installation = steps.findIndex(({ run }) => (run ?? '').startsWith('npm ci'));

    for (const step of credentials) {
      expect(installation).toBeGreaterThanOrEqual(0);
      expect(steps.indexOf(step)).toBeGreaterThan(installation);
      expect(steps[installation]!.run).toBe('npm ci --ignore-scripts');
    }
  });

  it('has the role that deploys only where reviewers were asked', () => {
    const roles = credentials.map((step) => step.with?.['role-to-assume']);
    const role = environment === undefined ? 'AWS_PLAN_ROLE_ARN' : 'AWS_DEPLOY_ROLE_ARN';

    expect(roles).toEqual(credentials.map(() => `\${{ vars.${role} }}`));
  });
});

describe('the release', () => {
  const [text] = workflows.filter(({ file }) => file === 'release.yml').map((workflow) => workflow.text);
  const release = parse(text!) as {
    readonly permissions: Readonly<Record<string, string>>;
    readonly jobs: Readonly<Record<string, Job>>;
  };
  const writing = Object.values(release.jobs).filter(({ permissions = release.permissions }) =>
    Object.values(permissions).includes('write'),
  );

  it('may write in the one job that publishes, which runs no code of this repository or of a package', () => {
    expect(release.permissions).toEqual({ contents: 'read' });
    expect(writing).toEqual([release.jobs['publish']]);
    const commands = writing.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['sha256sum', 'gh']);
    expect(writing.flatMap(({ steps }) => steps.filter(isOf('actions/checkout')))).toEqual([]);
  });

  it('takes no text of an event into a command', () => {
    for (const { steps } of Object.values(release.jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });
});

describe('the Python tools of the workflows', () => {
  const tools = readFileSync(join(PROJECT, '.github/requirements.txt'), 'utf8').split('\n').filter(Boolean);

  it('are pinned to one version each, with the version of moto that the local AWS was built against', () => {
    expect(tools.filter((line) => !/^(#|[\w[\]-]+==[\w.]+$)/.test(line))).toEqual([]);
    expect(tools).toContain(`moto[server]==${MOTO_VERSION}`);
  });
});
