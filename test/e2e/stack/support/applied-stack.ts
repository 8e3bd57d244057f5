import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { App } from 'cdktf';

import type { StackConfiguration } from '../../../../modules/config/configuration';
import { RotationStack } from '../../../../modules/rotation-stack';
import { type Terraform, type TerraformResult, terraform } from '../../../../sandbox/terraform';

/** What Terraform would do, by address; what stays as it is does not appear. */
export type Changes = Readonly<Record<string, Change>>;

type Change = 'create' | 'update' | 'delete' | 'replace' | 'remove';

/** A line of `terraform plan -json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface PlanLine {
  readonly type: string;
  readonly change?: {
    readonly resource: { readonly addr: string };
    readonly action: 'noop' | 'read' | 'move' | 'import' | Change;
  };
}

/** One stack in a folder of its own, synthesized from changing configurations and applied with real Terraform. */
export class AppliedStack {
  readonly #folder = mkdtempSync(join(tmpdir(), 'applied-stack-'));
  #last: { readonly terraform: Terraform; readonly directory: string } | undefined;

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Terraform in the folder of the stack that was synthesized last. */
  get terraform(): Terraform {
    return this.#synthesized.terraform;
  }

  /** Where Terraform runs: the folder of the stack that was synthesized last. */
  get directory(): string {
    return this.#synthesized.directory;
  }

  get #synthesized(): { readonly terraform: Terraform; readonly directory: string } {
    if (this.#last === undefined) throw new Error('Nothing was synthesized yet.');
    return this.#last;
  }

  async synthesize(configuration: StackConfiguration): Promise<void> {
    const app = new App({ outdir: join(this.#folder, 'cdktf.out') });
    const backend = { kind: 'local', path: this.#statePath } as const;
    new RotationStack(app, { configuration: { ...configuration, backend } });
    app.synth();
    const isFirst = this.#last === undefined;
    const directory = join(app.outdir, 'stacks', configuration.name);
    this.#last = { directory, terraform: terraform(directory, { env: this.env }) };
    if (isFirst) await this.terraform.init();
  }

  /** Synthesizes and says what Terraform would do. */
  async changes(configuration: StackConfiguration): Promise<Changes> {
    await this.synthesize(configuration);
    const { stdout } = await this.terraform.plan('-json', '-out=planned');
    const lines = stdout.trim().split('\n');
    const changes = lines
      .map((line) => JSON.parse(line) as PlanLine)
      .flatMap(({ type, change }) => (type === 'planned_change' && change !== undefined ? [change] : []))
      .filter(({ action }) => !['noop', 'read', 'move', 'import'].includes(action));
    return Object.fromEntries(changes.map(({ resource, action }) => [resource.addr, action as Change]));
  }

  /** Does what `changes` has just said. */
  applyChanges(): Promise<TerraformResult> {
    return this.terraform.apply('planned');
  }

  /** Synthesizes and applies. */
  async apply(configuration: StackConfiguration): Promise<TerraformResult> {
    await this.synthesize(configuration);
    return this.terraform.apply();
  }

  /** Synthesizes and tries to apply; gives what Terraform said when it refused, without its line breaks. */
  async failToApply(configuration: StackConfiguration): Promise<string> {
    await this.synthesize(configuration);
    const result = await this.terraform.run('apply', '-auto-approve', '-input=false', '-no-color');
    if (result.exitCode === 0) {
      throw new Error(`Terraform should have refused this:\n${result.output}`);
    }
    return result.output.replaceAll(/\s+/g, ' ');
  }

  /** The attributes of a resource in Terraform's state. */
  async applied(address: string): Promise<Readonly<Record<string, unknown>>> {
    const { values } = (await this.terraform.show()) as {
      values: { root_module: { resources: readonly { address: string; values: Record<string, unknown> }[] } };
    };
    return values.root_module.resources.find((resource) => resource.address === address)!.values;
  }

  /** The addresses of what Terraform has in its state. */
  async addresses(): Promise<readonly string[]> {
    const { stdout } = await this.terraform.run('state', 'list', '-no-color');
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** The state file as it is on the disk. */
  state(): string {
    return readFileSync(this.#statePath, 'utf8');
  }

  /** As if the file had been deleted, with its backups. */
  loseState(): void {
    rmSync(dirname(this.#statePath), { recursive: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #statePath(): string {
    return join(this.#folder, 'state', 'terraform.tfstate');
  }
}
