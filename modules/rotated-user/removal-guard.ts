import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { GuardRemovalInput } from '../../contract/function-events';
import { addressed, waitingFor } from '../terraform/address';
import { type JsonReference, jsonText } from '../terraform/json-text';

export interface RemovalGuardProps {
  /** What its name in the Terraform addresses begins with. */
  readonly address: string;
  readonly functionName: string;
  readonly secretArn: string;
  /** Whether the user may be removed from now on; or a reference to what `Announced` is then, in JSON. */
  readonly announced: boolean | JsonReference;
  /** What must not be destroyed unless the removal was announced. */
  readonly guards: readonly ITerraformDependable[];
}

/**
 * Refuses to let a user be removed by accident.
 *
 * It depends on all that was made for the user, so Terraform destroys it first, and to destroy it is to ask the
 * function (`CRUD`). The function says no unless the removal was announced in an apply before; then Terraform
 * destroys nothing of what the guard depends on. Announcing changes the input, which is an update in place: the function
 * writes it down. Its record decides, and not the state, in which the input of an update that failed is the new one
 * (https://github.com/hashicorp/terraform-provider-aws/issues/43447).
 *
 * The guard is bound to the function's name, which the provider cannot change in place: another prefix, or
 * another value of `functions`, replaces the guard and so counts as a removal that has to be announced.
 */
export class RemovalGuard extends Construct {
  readonly resource: LambdaInvocation;

  constructor(scope: Construct, id: string, props: RemovalGuardProps) {
    super(scope, id);
    const input = {
      Step: 'guardRemoval',
      SecretId: props.secretArn,
      Announced: props.announced === true ? 'onRecord' : props.announced,
    } satisfies Record<keyof GuardRemovalInput, unknown>;
    this.resource = waitingFor(
      props.guards,
      addressed(
        `${props.address}_removal_guard`,
        new LambdaInvocation(this, 'Resource', {
          functionName: props.functionName,
          lifecycleScope: 'CRUD',
          input: jsonText(input),
        }),
      ),
    );
  }
}
