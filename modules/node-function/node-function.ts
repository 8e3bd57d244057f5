import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Lazy } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { DEFAULT_LOG_RETENTION_DAYS } from '../aws/default-values';
import { logGroupName, roleName } from '../aws/names';
import { policyDocument } from '../aws/policy-document';
import type { PolicyStatement } from '../aws/policy-document';
import { functionCode } from './function-code';
import type { NodeFunctionProps, Statements } from './node-function-props';

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
  readonly arn: string;
  /** Whoever invokes the function while Terraform runs has to depend on these: with them it is able to work. */
  readonly ready: readonly ITerraformDependable[];

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
        role: role.name,
        policy: Lazy.stringValue({
          produce: () => policyDocument([...allStatements(props.statements), writeLog(logGroup.arn)]),
        }),
      }),
    );
    const code = functionCode(this, props.entryFile);
    const lambda = addressed(
      address,
      new LambdaFunction(this, 'Resource', {
        functionName,
        description: props.description,
        role: role.arn,
        runtime: 'nodejs22.x',
        architectures: ['arm64'],
        handler: 'index.handler',
        filename: code.path,
        sourceCodeHash: code.assetHash,
        timeout: props.timeoutSeconds ?? TIMEOUT_SECONDS,
        memorySize: props.memoryMb ?? MEMORY_MB,
        environment: { variables: definedVariables(props.environment) },
        loggingConfig: { logFormat: 'JSON', logGroup: logGroup.name },
        tags,
        dependsOn: [policy],
      }),
    );

    this.functionName = functionName;
    this.arn = lambda.arn;
    this.ready = [lambda, policy];
  }
}

function allStatements(statements: Statements): readonly PolicyStatement[] {
  return typeof statements === 'function' ? statements() : statements;
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
