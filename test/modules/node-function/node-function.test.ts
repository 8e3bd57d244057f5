import { join } from 'node:path';

import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { TerraformStack, Testing } from 'cdktf';

import { codeOf } from '../../../modules/node-function/packed-code';
import { NodeFunction } from '../../../modules/node-function/node-function';
import type { FunctionDefaults, NodeFunctionProps } from '../../../modules/node-function/node-function-props';
import '../support/terraform-matchers';

interface Environment {
  readonly NEEDED: string;
  readonly WANTED?: string;
}

const entryFile = join(__dirname, '../support/fixture-function/index.ts');

const props = (own: Partial<NodeFunctionProps<Environment>> = {}): NodeFunctionProps<Environment> => ({
  address: 'hello',
  functionName: 'prefix-hello',
  description: 'Says hello.',
  entryFile,
  environment: { NEEDED: 'here' },
  statements: [{ Sid: 'Say', Effect: 'Allow', Action: 'polly:SynthesizeSpeech', Resource: '*' }],
  defaults: { logRetentionDays: 30 },
  ...own,
});

function synthesized(...functions: NodeFunctionProps<Environment>[]): string {
  const stack = new TerraformStack(Testing.app(), 'stack');
  functions.forEach((own, index) => new NodeFunction(stack, `Function${String(index)}`, own));
  return Testing.synth(stack);
}

const resourcesOf = (text: string): Record<string, Record<string, Record<string, unknown>>> =>
  JSON.parse(text).resource as Record<string, Record<string, Record<string, unknown>>>;

it('a function runs the bundled entry on the runtime that it was bundled for', () => {
  expect(synthesized(props())).toHaveResourceWithProperties(LambdaFunction, {
    function_name: 'prefix-hello',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    timeout: 600,
    memory_size: 256,
  });
});

it('a function is deployed anew when the bytes of its code change, and not otherwise', () => {
  const lambda = resourcesOf(synthesized(props()))['aws_lambda_function']!['hello']!;

  expect(lambda['source_code_hash']).toBe(codeOf(entryFile).hash);
  expect(lambda['filename']).toBe(
    `assets/fixture-function/${lambda['source_code_hash'] as string}/fixture-function.zip`,
  );
});

it('one check looks at the code of all functions, so that Terraform warns once while it is not known', () => {
  const another = props({ address: 'another-one', functionName: 'prefix-another' });
  const { check, locals } = JSON.parse(synthesized(props(), another)) as Record<string, object>;

  expect(check).toEqual({
    functions_run_their_code: {
      assert: [
        {
          condition: '${!contains(values(local.functions_run_their_code), false)}',
          error_message: expect.stringContaining("'-replace=aws_lambda_function.${name}'"),
        },
      ],
    },
  });
  const runsItsCode = (address: string): string =>
    `\${${address}.code_sha256 == filebase64sha256(${address}.filename) || ${address}.last_modified == ""}`;
  expect(locals).toEqual({
    functions_run_their_code: {
      hello: runsItsCode('aws_lambda_function.hello'),
      'another-one': runsItsCode('aws_lambda_function.another-one'),
    },
  });
});

it('a function has its log group first, with a retention, and may write to nothing else', () => {
  const defaults: FunctionDefaults = {
    logRetentionDays: 30,
    logKmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/2',
  };
  const text = synthesized(props({ defaults }));

  expect(text).toHaveResourceWithProperties(CloudwatchLogGroup, {
    name: '/aws/lambda/prefix-hello',
    retention_in_days: 30,
    kms_key_id: 'arn:aws:kms:eu-west-1:1:key/2',
  });
  expect(text).toHaveResourceWithProperties(LambdaFunction, {
    logging_config: { log_format: 'JSON', log_group: '${aws_cloudwatch_log_group.hello.name}' },
  });
  const policy = resourcesOf(text)['aws_iam_role_policy']!['hello']!;
  expect(JSON.parse(policy['policy'] as string)).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Say', Effect: 'Allow', Action: 'polly:SynthesizeSpeech', Resource: '*' },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${aws_cloudwatch_log_group.hello.arn}:*',
      },
    ],
  });
  expect(policy['name']).toBe('prefix-hello');
});

it('a function has its policy before it can be invoked', () => {
  expect(synthesized(props())).toHaveResourceWithProperties(LambdaFunction, {
    depends_on: ['aws_iam_role_policy.hello'],
  });
});

it('a function has a role that only Lambda assumes, with the path and the boundary that an organisation wants', () => {
  const defaults = {
    logRetentionDays: 30,
    rolePath: '/rotation/',
    permissionsBoundaryArn: 'arn:aws:iam::1:policy/b',
  };
  const text = synthesized(props({ defaults, tags: { team: 'a' } }));

  expect(text).toHaveResourceWithProperties(IamRole, {
    name: 'prefix-hello',
    path: '/rotation/',
    permissions_boundary: 'arn:aws:iam::1:policy/b',
    tags: { team: 'a' },
  });
  const role = resourcesOf(text)['aws_iam_role']!['hello']!;
  expect(JSON.parse(role['assume_role_policy'] as string)).toMatchObject({
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  });
});

it('a function gets the variables that are defined, and no others', () => {
  const environment = { NEEDED: 'here', WANTED: undefined };

  expect(synthesized(props({ environment }))).toHaveResourceWithProperties(LambdaFunction, {
    environment: { variables: { NEEDED: 'here' } },
  });
});

it('a function shares its code with the others that run the same entry', () => {
  const functions = resourcesOf(synthesized(props(), props({ address: 'bye', functionName: 'prefix-bye' })))[
    'aws_lambda_function'
  ]!;

  expect(functions['hello']!['filename']).toBe(functions['bye']!['filename']);
});

it('a function can be given its statements when everything else is known', () => {
  const statements = jest.fn(() => []);
  const stack = new TerraformStack(Testing.app(), 'stack');

  new NodeFunction(stack, 'Function', props({ statements }));
  expect(statements).not.toHaveBeenCalled();
  Testing.synth(stack);
  expect(statements).toHaveBeenCalled();
});
