import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Lazy, TerraformStack } from 'cdktf';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';

import { FUNCTIONS_RUN_THEIR_CODE } from '../terraform/functions-run-their-code';
import { addressed, addressOf, attributeOf, waitingFor } from '../terraform/address';
import { TerraformData } from '../terraform/terraform-data';
import { DEFAULT_LOG_RETENTION_DAYS } from '../aws/default-values';
import { logGroupName, roleName } from '../aws/names';
import { policyDocument } from '../aws/policy-document';
import type { PolicyStatement } from '../aws/policy-document';
import { functionCode } from './function-code';
import { DEFAULT_FUNCTION_ARCHITECTURE, DEFAULT_FUNCTION_RUNTIME } from './lambda-runtime';
import type { NodeFunctionProps, StatementList, Statements } from './node-function-props';
import { putInVpc, vpcStatements } from './vpc';

/**
 * Ten minutes: the longest invocation of a rotation waits for another one's lease, then for freshly attached policies, then for
 * the new key to be known everywhere, each within a limit of its own. An invocation that is cut off leaves work to
 * be settled, so the function's limit has to be longer than all of them together. Lambda's own maximum is 15.
 */
const TIMEOUT_SECONDS = 600;

/**
 * The function waits for AWS nearly all of its time. Lambda gives CPU in proportion to memory: with the smallest
 * size, 128 MB, loading the SDK clients alone takes seconds, and 256 MB leaves twice what they need.
 */
const MEMORY_MB = 256;

/**
 * A Lambda function with its role, its log group and its code.
 *
 * The log group is made before the function, since Lambda would otherwise make one that keeps everything for ever.
 */
export class NodeFunction<
  Environment extends { readonly [Name in keyof Environment]?: string },
> extends Construct {
  readonly functionName: string;
  /** For the stack that the function is in. */
  readonly arnInStack: string;
  readonly #resource: LambdaFunction;
  /** Whoever invokes the function while Terraform runs has to depend on these: with them it is able to work. */
  readonly ready: readonly ITerraformDependable[];
  /**
   * For resources that AWS deletes together with the function: its permissions, its configuration of invocations.
   * Terraform knows the function by its name, which stays, so without this it would make them again only in the apply
   * after the one that replaced the function. https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
   */
  readonly replacedTogether: TerraformResourceLifecycle;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Environment>) {
    super(scope, id);
    const { address, functionName, defaults } = props;
    const tags = { ...props.tags };

    const logGroup = addressed(
      address,
      new CloudwatchLogGroup(this, 'LogGroup', {
        name: logGroupName(functionName),
        retentionInDays: defaults.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
        kmsKeyId: defaults.logKmsKeyArn,
        tags,
      }),
    );
    const role = addressed(
      address,
      new IamRole(this, 'Role', {
        name: roleName(functionName),
        path: defaults.rolePath,
        permissionsBoundary: defaults.permissionsBoundaryArn,
        description: props.description,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'Lambda',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ]),
        tags,
      }),
    );
    const policy = addressed(
      address,
      new IamRolePolicy(this, 'Policy', {
        name: functionName,
        // The id, which is the name, is not known while the role is made again: then the policy is, too, which goes with it.
        role: attributeOf(role, 'id'),
        policy: policyOf(props.statements, [
          ...vpcStatements(defaults.vpc, functionName),
          writeLog(attributeOf(logGroup, 'arn')),
        ]),
      }),
    );
    const identity = addressed(
      `${address}_role`,
      new TerraformData(this, 'RoleIdentity', { triggersReplace: { role: attributeOf(role, 'uniqueId') } }),
    );
    const code = functionCode(this, props.entryFile);
    const lambda = addressed(
      address,
      new LambdaFunction(this, 'Resource', {
        functionName,
        description: props.description,
        role: attributeOf(role, 'arn'),
        runtime: defaults.runtime ?? DEFAULT_FUNCTION_RUNTIME,
        architectures: [defaults.architecture ?? DEFAULT_FUNCTION_ARCHITECTURE],
        handler: 'index.handler',
        filename: code.path,
        sourceCodeHash: code.assetHash,
        timeout: props.timeoutSeconds ?? TIMEOUT_SECONDS,
        memorySize: props.memoryMb ?? MEMORY_MB,
        environment: { variables: definedVariables(props.environment) },
        loggingConfig: { logFormat: 'JSON', logGroup: attributeOf(logGroup, 'name') },
        tags,
        // Lambda lets the role decrypt the environment by a grant to its unique id. A role that is made again under its name
        // has another one, and Terraform, which sees the ARN alone, would leave the function as it is: every invocation then
        // fails (F 4.13). Not the role itself, whose change Terraform forgets where an apply is interrupted after it.
        lifecycle: { replaceTriggeredBy: [addressOf(identity)] },
      }),
    );

    waitingFor([policy], lambda);
    putInVpc(lambda, defaults.vpc);
    checkCode(lambda);

    this.functionName = functionName;
    this.#resource = lambda;
    this.arnInStack = attributeOf(lambda, 'arn');
    this.ready = [lambda, policy];
    this.replacedTogether = { replaceTriggeredBy: [`${addressOf(lambda)}.arn`] };
  }

  /** For any stack. */
  get arn(): string {
    return this.#resource.arn;
  }
}

/**
 * Has every plan say which functions run other code than this configuration has. Terraform compares its own record alone:
 * it writes the new hash down even where AWS refused the new code, and never looks at code that somebody else put there.
 * https://github.com/hashicorp/terraform-provider-aws/issues/42826
 *
 * A check, and not a postcondition: that would fail the plan of the repair. `last_modified` is never empty; it is unknown
 * while an update of the function is planned, and so is then the outcome, until the update is made.
 *
 * One check for all functions: Terraform warns of each check whose outcome is not known yet, and reads the whole file to
 * show its line. The first plan of 100 users had 1,200 lines of such warnings, and they took three quarters of its time. The price:
 * while one outcome is not known, the message, which names the others, is not known either, and Terraform says so instead.
 */
function checkCode(lambda: LambdaFunction): void {
  const stack = TerraformStack.of(lambda);
  const address = addressOf(lambda);
  stack.addOverride(
    `locals.${FUNCTIONS_RUN_THEIR_CODE}.${lambda.friendlyUniqueId}`,
    `\${${address}.code_sha256 == filebase64sha256(${address}.filename) || ${address}.last_modified == ""}`,
  );
  stack.addOverride(`check.${FUNCTIONS_RUN_THEIR_CODE}`, {
    assert: [
      {
        // `contains` finds one that is false even if others are not known yet; `alltrue` stops at the first of those.
        condition: `\${!contains(values(local.${FUNCTIONS_RUN_THEIR_CODE}), false)}`,
        error_message:
          'Functions do not run the code of this configuration: their last update failed, or somebody replaced the ' +
          `code. Run: terraform apply \${join(" ", [for name, runs in local.${FUNCTIONS_RUN_THEIR_CODE} : "'-replace=aws_lambda_function.\${name}'" if !runs])} ` +
          '(in a module: with the path of the module before each address), and then apply once more.',
      },
    ],
  });
}

/** As text; where it depends on what is made later, when all is made. */
function policyOf(statements: Statements, further: StatementList): string {
  if (typeof statements !== 'function') return policyDocument([...statements, ...further]);
  return Lazy.stringValue({ produce: () => policyDocument([...statements(), ...further]) });
}

function writeLog(logGroupArn: string): PolicyStatement {
  return {
    Sid: 'WriteLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${logGroupArn}:*`,
  };
}

/** Lambda knows no absent value: what is undefined must not be there at all. */
function definedVariables(environment: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
