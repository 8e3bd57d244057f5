import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { RotateEnv } from '../../contract/env/rotate';
import { addressed, waitingFor } from '../terraform/address';
import { ROTATE_ACCESS_KEY_ENTRY } from '../node-function/handler-entries';
import { NodeFunction } from '../node-function/node-function';
import type { FunctionDefaults, Statements } from '../node-function/node-function-props';

/** For whom Secrets Manager may invoke the function: for one secret, or for any of one account. */
export type InvokedFor = { readonly secretArn: string } | { readonly accountId: string };

export interface RotationFunctionProps {
  /** Name in the Terraform addresses. */
  readonly address: string;
  readonly functionName: string;
  readonly description: string;
  readonly statements: Statements;
  readonly environment: RotateEnv;
  readonly invokedFor: InvokedFor;
  readonly defaults: FunctionDefaults;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The function that Secrets Manager invokes to rotate, and Terraform to make first keys and guard removals. */
export class RotationFunction extends Construct {
  readonly functionName: string;
  /** For the stack that the function is in. */
  readonly arnInStack: string;
  /** Everything that an invocation needs. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const { address, invokedFor } = props;

    const lambda = new NodeFunction<RotateEnv>(this, 'Function', {
      address,
      functionName: props.functionName,
      description: props.description,
      entryFile: ROTATE_ACCESS_KEY_ENTRY,
      environment: props.environment,
      statements: props.statements,
      defaults: props.defaults,
      tags: props.tags,
    });
    // Without a source, the Secrets Manager of any account could be made to invoke the function.
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    const permission = waitingFor(
      lambda.ready,
      addressed(
        address,
        new LambdaPermission(this, 'Permission', {
          statementId: 'SecretsManager',
          action: 'lambda:InvokeFunction',
          functionName: lambda.functionName,
          principal: 'secretsmanager.amazonaws.com',
          ...('secretArn' in invokedFor
            ? { sourceArn: invokedFor.secretArn }
            : { sourceAccount: invokedFor.accountId }),
          lifecycle: lambda.replacedTogether,
        }),
      ),
    );

    this.functionName = lambda.functionName;
    this.arnInStack = lambda.arnInStack;
    this.ready = [...lambda.ready, permission];
  }
}
