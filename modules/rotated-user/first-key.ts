import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { FirstKeyInput } from '../../contract/function-events';
import { addressed, waitingFor } from '../terraform/address';

export interface FirstKeyProps {
  /** What its name in the Terraform addresses begins with. */
  readonly address: string;
  readonly functionName: string;
  readonly secretArn: string;
  readonly userId: string;
  /** Everything that the function needs for it. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Has the function make the user's first key, once for each IAM user id, while Terraform applies: the apply
 * fails if it cannot. The function itself finds out whether there is a key that works already.
 *
 * The input is frozen for ever: any change of its text, the order of its fields included, would run it again for
 * every user of every stack. Input and result are in the state, in clear; neither holds a secret.
 */
export class FirstKey extends Construct {
  readonly resource: LambdaInvocation;

  constructor(scope: Construct, id: string, props: FirstKeyProps) {
    super(scope, id);
    const input = {
      Step: 'firstKey',
      SecretId: props.secretArn,
      UserId: props.userId,
    } satisfies FirstKeyInput;
    this.resource = waitingFor(
      props.dependsOn,
      addressed(
        `${props.address}_first_key`,
        new LambdaInvocation(this, 'Resource', {
          functionName: props.functionName,
          lifecycleScope: 'CREATE_ONLY',
          input: JSON.stringify(input),
        }),
      ),
    );
  }
}
