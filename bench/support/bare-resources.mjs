// Synthesizes, with CDKTF and nothing else, as many resources as the stack in cdk.tf.json (first argument) has, with the same arguments.
import { readFileSync } from 'node:fs';

// A benchmark does not use CDKTF; this program of its own is what is compared with.
const { App, TerraformResource, TerraformStack } = await import('cdktf');

/** A resource that has its arguments already. */
class Bare extends TerraformResource {
  constructor(scope, id, type, args) {
    super(scope, id, { terraformResourceType: type });
    this.args = args;
  }

  synthesizeAttributes() {
    return this.args;
  }
}

const { resource } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = new App();
const stack = new TerraformStack(app, 'bare');
for (const [type, resources] of Object.entries(resource))
  for (const [id, args] of Object.entries(resources))
    new Bare(stack, `${type}-${id}`, type, { ...args, '//': undefined });
app.synth();
