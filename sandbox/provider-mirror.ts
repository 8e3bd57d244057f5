import { existsSync, readdirSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

const REGISTRY = 'registry.terraform.io';
const LEVELS = 3;
/** Large, virtual, or not ours to look into. */
const SKIPPED = new Set(['proc', 'sys', 'dev', 'run', 'boot', 'lost+found', 'node_modules', 'tmp']);

/**
 * A directory from which Terraform can install the AWS provider without the registry: one of those that Terraform
 * looks into by itself, or one a few levels below the root that holds a folder `registry.terraform.io`.
 */
export function findProviderMirror(): string | undefined {
  return [...impliedMirrors(), ...searched('/', LEVELS)].find((path) =>
    existsSync(join(path, REGISTRY, 'hashicorp', 'aws')),
  );
}

/** https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories */
function impliedMirrors(): string[] {
  const home = homedir();
  const own = join(home, '.terraform.d', 'plugins');
  if (platform() === 'darwin') {
    return [
      own,
      join(home, 'Library/Application Support/io.terraform/plugins'),
      '/Library/Application Support/io.terraform/plugins',
    ];
  }
  return [
    own,
    join(home, '.local/share/terraform/plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ];
}

function* searched(directory: string, levels: number): Generator<string> {
  for (const name of directoriesIn(directory)) {
    if (name === REGISTRY) yield directory;
    else if (levels > 1 && !SKIPPED.has(name)) yield* searched(join(directory, name), levels - 1);
  }
}

function directoriesIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // Not ours to read; then it is no mirror for us either.
    return [];
  }
}
