import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

import { KeyDelivery } from '../key-delivery/key-delivery';
import type { DeliveryReach } from '../key-delivery/policies';
import { reference, type TerraformReference } from '../terraform/reference';
import { placeHere } from './place-here';

/**
 * What the resources take from release/terraform/key-delivery; the build fails if that does not declare one, or declares
 * another.
 */
type Declared =
  | `var.base.${OutputOfBase}`
  | 'local.secret_prefix'
  | 'local.secrets'
  | 'local.keys_of_secrets'
  | 'local.secret_targets'
  | 'local.keys_of_secret_targets'
  | 'local.parameter_targets'
  | 'local.keys_of_parameter_targets'
  | 'local.services'
  | 'local.tokens'
  | 'local.keys_of_tokens'
  | 'local.has_no_twins'
  | 'local.twins_in_a_place'
  | 'local.has_room'
  | 'local.no_room';
type OutputOfBase =
  | 'name'
  | 'prefix'
  | 'table_name'
  | 'table_arn'
  | 'role_path'
  | 'permissions_boundary_arn'
  | 'log_retention_days'
  | 'log_kms_key_arn'
  | 'function_runtime'
  | 'function_architecture'
  | 'vpc';

const take = (declared: Declared): TerraformReference => reference(declared);
const listOf = (address: Declared): { readonly address: string } => ({ address });

const REACH: DeliveryReach = {
  secrets: listOf('local.secrets'),
  keysOfSecrets: listOf('local.keys_of_secrets'),
  secretTargets: listOf('local.secret_targets'),
  keysOfSecretTargets: listOf('local.keys_of_secret_targets'),
  parameterTargets: listOf('local.parameter_targets'),
  keysOfParameterTargets: listOf('local.keys_of_parameter_targets'),
  services: listOf('local.services'),
  tokens: listOf('local.tokens'),
  keysOfTokens: listOf('local.keys_of_tokens'),
};

/** The resources of the module `key-delivery`: what brings the current keys of a base's users to their targets. */
export class KeyDeliveryModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'key-delivery');
    new KeyDelivery(this, 'Delivery', {
      stackName: take('var.base.name'),
      prefix: take('var.base.prefix'),
      secretPrefix: take('local.secret_prefix'),
      users: REACH,
      table: { tableName: take('var.base.table_name'), arn: take('var.base.table_arn') },
      place: placeHere(this),
      defaults: {
        runtime: take('var.base.function_runtime'),
        architecture: take('var.base.function_architecture'),
        rolePath: take('var.base.role_path'),
        permissionsBoundaryArn: take('var.base.permissions_boundary_arn'),
        logRetentionDays: Token.asNumber(take('var.base.log_retention_days')),
        logKmsKeyArn: take('var.base.log_kms_key_arn'),
        vpc: { address: 'var.base.vpc' satisfies Declared },
      },
    });
    this.addOverride('resource.aws_iam_role_policy.deliver.lifecycle.precondition', [
      { condition: take('local.has_no_twins'), error_message: take('local.twins_in_a_place') },
      { condition: take('local.has_room'), error_message: take('local.no_room') },
    ]);
  }
}
