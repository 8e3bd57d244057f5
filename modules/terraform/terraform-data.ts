import { TerraformResource, type TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';

export interface TerraformDataProps extends Pick<TerraformMetaArguments, 'lifecycle'> {
  /** What is written down, and is its `output`. */
  readonly input?: Readonly<Record<string, string>>;
  /** A change of these makes it anew. */
  readonly triggersReplace?: Readonly<Record<string, string>>;
}

/**
 * Terraform's own `terraform_data`, which makes nothing and remembers. In place of CDKTF's `DataResource`: that one runs
 * `terraform version` for each, to refuse a Terraform older than 1.4. Ours need a newer one anyway, which Terraform itself says.
 * In JSON alone, as all that is synthesized here.
 */
export class TerraformData extends TerraformResource {
  readonly #props: TerraformDataProps;

  constructor(scope: Construct, id: string, props: TerraformDataProps) {
    super(scope, id, {
      terraformResourceType: 'terraform_data',
      terraformGeneratorMetadata: { providerName: 'terraform' },
      lifecycle: props.lifecycle,
    });
    this.#props = props;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { input, triggersReplace } = this.#props;
    return { input, triggers_replace: triggersReplace };
  }
}
