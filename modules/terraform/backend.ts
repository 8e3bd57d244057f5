import { join, relative, resolve, sep } from 'node:path';

import { App, CloudBackend, HttpBackend, LocalBackend, NamedCloudWorkspace, S3Backend } from 'cdktf';
import type { TerraformStack } from 'cdktf';

import type {
  BackendConfiguration,
  HttpBackendConfiguration,
  S3BackendConfiguration,
} from '../config/configuration';

/** Where the stack's state is. */
export function addBackend(stack: TerraformStack, backend: BackendConfiguration): void {
  switch (backend.kind) {
    case 's3':
      addS3Backend(stack, backend);
      return;
    case 'http':
      addHttpBackend(stack, backend);
      return;
    case 'cloud':
      new CloudBackend(stack, {
        hostname: backend.hostname,
        organization: backend.organization,
        workspaces: new NamedCloudWorkspace(backend.workspace),
      });
      return;
    case 'local':
      new LocalBackend(stack, { path: pathFromStackFolder(stack, backend.path) });
      return;
    case 'none':
      // CDKTF puts in a local one where there is none. Whoever adds another one to the stack has that one.
      stack.addOverride('terraform.backend.local', undefined);
  }
}

/** A synthesized stack without the empty map that `none` leaves: Terraform refuses it. */
export function withoutEmptyBackend<S extends SynthesizedTerraform>(synthesized: S): S {
  const { backend, ...terraform } = synthesized.terraform;
  const isEmpty = backend !== undefined && Object.keys(backend).length === 0;
  return isEmpty ? { ...synthesized, terraform } : synthesized;
}

interface SynthesizedTerraform {
  readonly terraform: { readonly backend?: object };
}

/** User name and password come from Terraform's environment: what is said here is in the synthesized file. */
function addHttpBackend(
  stack: TerraformStack,
  { address, updateMethod, lock }: HttpBackendConfiguration,
): void {
  new HttpBackend(stack, {
    address,
    updateMethod,
    lockAddress: lock?.address,
    lockMethod: lock?.method,
    unlockAddress: lock?.unlockAddress,
    unlockMethod: lock?.unlockMethod,
  });
}

function addS3Backend(stack: TerraformStack, backend: S3BackendConfiguration): void {
  const { bucket, key, region, encrypt, kmsKeyId } = backend;
  const made = new S3Backend(stack, { bucket, key, region, encrypt, kmsKeyId });
  // Newer than CDKTF's own properties (`use_lockfile`), or renamed since (`role_arn` is deprecated).
  if (backend.useLockfile) {
    made.addOverride('use_lockfile', true);
  }
  if (backend.roleArn !== undefined) {
    made.addOverride('assume_role', { role_arn: backend.roleArn });
  }
}

/**
 * Terraform runs in `cdktf.out/stacks/<name>`, so a path that is meant from the project's folder is turned into
 * one from there: relative, because an absolute one would differ between two checkouts. The state itself is
 * outside of `cdktf.out`, where `cdktf synth` deletes the folders of stacks that are gone.
 */
function pathFromStackFolder(stack: TerraformStack, path: string): string {
  const projectFolder = process.cwd();
  const stackFolder = resolve(projectFolder, join(App.of(stack).outdir, 'stacks', stack.node.id));
  const wanted = resolve(projectFolder, path);
  return path === wanted ? path : relative(stackFolder, wanted).split(sep).join('/');
}
