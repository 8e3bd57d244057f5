import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App } from 'cdktf';

import { BaseModule } from './base-module';
import { KeyDeliveryModule } from './key-delivery-module';
import { LeakResponseModule } from './leak-response-module';
import { plainModule } from './plain-module';
import { RotatedUserModule } from './rotated-user-module';

export interface SynthesizedModule {
  readonly name: string;
  readonly json: string;
  /** What it takes along. */
  readonly files: readonly string[];
}

/** All modules. Their files are below `folder`, for as long as that is there. */
export function synthesizeModules(folder: string): readonly SynthesizedModule[] {
  const app = new App({ outdir: folder });
  const stacks = [
    new BaseModule(app),
    new RotatedUserModule(app, 'new'),
    new RotatedUserModule(app, 'existing'),
    new KeyDeliveryModule(app),
    new LeakResponseModule(app),
  ];
  for (const stack of stacks) {
    // CDKTF synthesizes no stack without a provider; a module has its caller's.
    new AwsProvider(stack, 'Aws');
  }
  app.synth();
  return stacks.map(({ node: { id: name } }) => {
    const stackFolder = join(folder, 'stacks', name);
    const { json, files } = plainModule(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8'));
    return { name, json, files: files.map((file) => join(stackFolder, file)) };
  });
}
