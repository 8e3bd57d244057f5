import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CloudBackend, NamedCloudWorkspace, TerraformStack, Testing } from 'cdktf';

import { addBackend } from '../../../modules/terraform/backend';
import type { BackendConfiguration } from '../../../modules/config/configuration';
import { aStack } from '../support/configurations';
import { synthesize } from '../support/synthesize';

/** The backend as it is written for a stack that is synthesized in the project's own folder. */
function backendOf(backend: BackendConfiguration, outdir: string): unknown {
  const stack = new TerraformStack(Testing.app({ outdir }), 'production');
  addBackend(stack, backend);
  return JSON.parse(Testing.synth(stack)).terraform.backend;
}

const project = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backend-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(project);
  rmSync(folder, { recursive: true });
});

it.each(['cdktf.out', `./cdktf.out`])(
  'the state in a file is where it was meant, seen from %s/stacks/production',
  (outdir) => {
    expect(backendOf({ kind: 'local', path: 'terraform-state/production.tfstate' }, outdir)).toEqual({
      local: { path: '../../../terraform-state/production.tfstate' },
    });
  },
);

it('the state in a file is at the same place when the output goes elsewhere', () => {
  expect(
    backendOf({ kind: 'local', path: 'terraform-state/production.tfstate' }, join(folder, 'deep')),
  ).toEqual({
    local: { path: '../../../terraform-state/production.tfstate' },
  });
});

it('the state in a file with an absolute path is there', () => {
  expect(backendOf({ kind: 'local', path: '/var/state/a.tfstate' }, 'cdktf.out')).toEqual({
    local: { path: '/var/state/a.tfstate' },
  });
});

it('the state in S3 is locked by a file beside it', () => {
  const backend = { kind: 's3', bucket: 'b', key: 'k', region: 'eu-west-1', encrypt: true } as const;

  expect(backendOf({ ...backend, useLockfile: true }, 'cdktf.out')).toEqual({
    s3: { bucket: 'b', key: 'k', region: 'eu-west-1', encrypt: true, use_lockfile: true },
  });
  expect(
    backendOf(
      { ...backend, useLockfile: false, roleArn: 'arn:aws:iam::1:role/s', kmsKeyId: 'x' },
      'cdktf.out',
    ),
  ).toEqual({
    s3: {
      bucket: 'b',
      key: 'k',
      region: 'eu-west-1',
      encrypt: true,
      kms_key_id: 'x',
      assume_role: { role_arn: 'arn:aws:iam::1:role/s' },
    },
  });
});

it('the state behind an HTTP address is locked, and has no credentials in it', () => {
  const address = 'https://example.com/state/production';
  const lock = {
    address: `${address}/lock`,
    method: 'POST',
    unlockAddress: `${address}/lock`,
    unlockMethod: 'DELETE',
  };

  expect(backendOf({ kind: 'http', address, updateMethod: 'POST', lock }, 'cdktf.out')).toEqual({
    http: {
      address,
      update_method: 'POST',
      lock_address: `${address}/lock`,
      lock_method: 'POST',
      unlock_address: `${address}/lock`,
      unlock_method: 'DELETE',
    },
  });
  expect(backendOf({ kind: 'http', address, updateMethod: 'PUT' }, 'cdktf.out')).toEqual({
    http: { address, update_method: 'PUT' },
  });
});

it('the state at HCP Terraform is in the workspace that is named', () => {
  const stack = new TerraformStack(Testing.app(), 'production');
  const place = { hostname: 'tfe.example.com', organization: 'example' };
  addBackend(stack, { kind: 'cloud', ...place, workspace: 'keys' });

  expect(JSON.parse(Testing.synth(stack)).terraform.cloud).toEqual({
    ...place,
    workspaces: { name: 'keys' },
  });
});

it('the state is nowhere in the stack, where whoever runs Terraform says it', () => {
  const { terraform } = synthesize(aStack([], { backend: { kind: 'none' } }));

  expect(terraform).toHaveProperty('required_providers');
  expect(terraform).not.toHaveProperty('backend');
});

it('the state may come from a construct that somebody adds to a stack without one', () => {
  const stack = new TerraformStack(Testing.app(), 'production');
  addBackend(stack, { kind: 'none' });
  new CloudBackend(stack, { organization: 'example', workspaces: new NamedCloudWorkspace('own') });

  expect(JSON.parse(Testing.synth(stack)).terraform).toMatchObject({ cloud: { organization: 'example' } });
});
