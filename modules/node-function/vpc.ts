import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';

import type { PolicyStatement, StatementWhere } from '../aws/policy-document';

/** Where in a VPC a function runs. */
export interface FunctionVpc {
  /** Up to 16, of one VPC. They may be references. */
  readonly subnetIds: readonly string[];
  /** Up to 5. They may be references. */
  readonly securityGroupIds: readonly string[];
}

/** Terraform alone knows whether there is one. */
export interface VpcReference {
  /** An address of Terraform (`var.vpc`) at which there is an object with `subnet_ids` and `security_group_ids`, or null. */
  readonly address: string;
}

const isReference = (vpc: FunctionVpc | VpcReference): vpc is VpcReference => 'address' in vpc;

/** What AWSLambdaVPCAccessExecutionRole has, but for the log. Lambda makes the interfaces with the function's role. */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lambda may make network interfaces for the function, and the function's own code may not. AWS documents no narrower
 * resource for this than all.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function vpcStatements(
  vpc: FunctionVpc | VpcReference | undefined,
  functionName: string,
): readonly (PolicyStatement | StatementWhere)[] {
  if (vpc === undefined) return [];
  const statements: readonly PolicyStatement[] = [
    { Sid: 'NetworkInterfaces', Effect: 'Allow', Action: INTERFACE_ACTIONS, Resource: '*' },
    {
      Sid: 'NetworkInterfacesForLambdaAlone',
      Effect: 'Deny',
      Action: INTERFACE_ACTIONS,
      Resource: '*',
      // By name: the function is made after its role, and no other account or region has the role.
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': `arn:*:lambda:*:*:function:${functionName}` } },
    },
  ];
  if (!isReference(vpc)) return statements;
  return statements.map((statement) => ({ where: `${vpc.address} != null`, statement }));
}

/** Has the function run there. */
export function putInVpc(lambda: LambdaFunction, vpc: FunctionVpc | VpcReference | undefined): void {
  if (vpc === undefined) return;
  if (!isReference(vpc)) {
    lambda.putVpcConfig({ subnetIds: [...vpc.subnetIds], securityGroupIds: [...vpc.securityGroupIds] });
    return;
  }
  // https://developer.hashicorp.com/terraform/language/syntax/json#block-type-dynamic
  lambda.addOverride('dynamic.vpc_config', {
    for_each: `\${${vpc.address}[*]}`,
    content: {
      subnet_ids: '${vpc_config.value.subnet_ids}',
      security_group_ids: '${vpc_config.value.security_group_ids}',
    },
  });
}
