import { join, relative } from 'node:path';

import { App } from 'cdktf';

import { loadConfiguration } from './modules/config/load-configuration';
import { ConfigurationError } from './modules/config/problem';
import { RotationStack } from './modules/rotation-stack';
import { pinnedProviderVersion } from './modules/terraform/provider-version';
import { StackTooLongError } from './modules/terraform/resource-limits';

/** Configuration -> one Terraform stack each -> synth. Nothing else. */
function main(file: string): void {
  // Before the App: it makes `cdktf.out`, and a configuration that is refused leaves nothing behind.
  const { stacks, warnings } = loadConfiguration(file);
  for (const { text } of warnings) {
    process.stderr.write(`Warning: ${text}\n`);
  }
  // CDKTF would run Terraform for each imported user, to see that it is 1.5 at least; and look for a provider, which is always there.
  const app = new App({ skipValidation: true });
  for (const configuration of stacks) {
    new RotationStack(app, {
      configuration,
      providerVersion: pinnedProviderVersion(configuration.functionRuntime),
    });
  }
  app.synth();
  const folder = join(relative(process.cwd(), app.outdir), 'stacks');
  process.stdout.write(`Synthesized into ${folder}: ${stacks.map(({ name }) => name).join(', ')}\n`);
}

// CDKTF notes with a stack trace where each reference was made. To look up the sources of all of them takes long.
const sourceMaps = process.sourceMapsEnabled;
process.setSourceMapsEnabled(false);
try {
  // An empty variable is none.
  main([process.argv[2], process.env['ROTATION_CONFIG']].find(Boolean) ?? 'rotation.yaml');
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof StackTooLongError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  process.setSourceMapsEnabled(sourceMaps);
}
