import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

import { KeyDelivery } from '../key-delivery/key-delivery';
import type { DeliveryReach } from '../key-delivery/policies';
import { reference, type TerraformReference } from '../terraform/reference';
import { stackOfBase, type DeclaredOfBase } from './base-of-set';
import { placeHere } from './place-here';

/**
 * What the resources take from release/terraform/key-delivery; the build fails if that does not declare one, or declares
 * another.
 */
type Declared =
  | DeclaredOfBase
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
      ...stackOfBase(),
      secretPrefix: take('local.secret_prefix'),
      users: REACH,
      place: placeHere(this),
    });
    this.addOverride('resource.aws_iam_role_policy.deliver.lifecycle.precondition', [
      { condition: take('local.has_no_twins'), error_message: take('local.twins_in_a_place') },
      { condition: take('local.has_room'), error_message: take('local.no_room') },
    ]);
  }
}
