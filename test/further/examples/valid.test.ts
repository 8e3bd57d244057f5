import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from 'cdktf';

import { loadConfiguration } from '../../../modules/config/load-configuration';
import { RotationStack } from '../../../modules/rotation-stack';
import { TESTED_PROVIDER_VERSION } from '../../../modules/terraform/provider-version';
import { terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const EXAMPLES = join(__dirname, '../../../examples');

/** examples/hcl is applied from the archive of the modules: test/published/terraform-module.test.ts. */
describeWithTools('an example of rotation.yaml', () => {
  it.each([
    ['one-account', ['production']],
    ['two-accounts', ['production', 'staging']],
    ['existing-users', ['production']],
  ])('in examples/%s gives stacks that Terraform finds valid', async (folder, names) => {
    const outdir = mkdtempSync(join(tmpdir(), 'valid-example-'));
    try {
      const app = new App({ outdir });
      for (const configuration of loadConfiguration(join(EXAMPLES, folder, 'rotation.yaml')).stacks) {
        new RotationStack(app, { configuration, providerVersion: TESTED_PROVIDER_VERSION });
      }
      app.synth();
      for (const name of names) {
        const tf = terraform(join(outdir, 'stacks', name));
        // The state's bucket is an example, too.
        const { exitCode, output } = await tf.run('init', '-backend=false', '-input=false', '-no-color');
        expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
        await tf.validate();
      }
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});
