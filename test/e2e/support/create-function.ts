import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  type AddPermissionRequest,
  CreateFunctionCommand,
  type CreateFunctionRequest,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';

import type { LocalAws } from '../../../sandbox/local-aws';

interface FunctionInput extends Partial<Omit<CreateFunctionRequest, 'Code' | 'Role'>> {
  readonly FunctionName: string;
  /** The zip, or the source of an ES module that exports `handler`. */
  readonly code: Uint8Array | string;
  /** @default one of the function's name, which anybody may take on */
  readonly role?: { readonly name: string; readonly trust: string };
  /** Who may invoke it. @default nobody */
  readonly invoker?: Omit<AddPermissionRequest, 'FunctionName' | 'StatementId' | 'Action'>;
}

/** Makes a function with a role of its own through the SDK, in a moment. */
export async function createFunction(
  aws: LocalAws,
  { code, role, invoker, ...input }: FunctionInput,
): Promise<{ readonly functionArn: string; readonly roleArn: string }> {
  const { FunctionName } = input;
  const { Role } = await new IAMClient(aws.clientConfig()).send(
    new CreateRoleCommand({
      RoleName: role?.name ?? FunctionName,
      AssumeRolePolicyDocument: role?.trust ?? '{}',
    }),
  );
  const lambda = new LambdaClient(aws.clientConfig());
  const zip = typeof code === 'string' ? zipSync({ 'index.mjs': strToU8(code) }) : code;
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      ...{ Role: Role!.Arn, Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 30 },
      ...{ ...input, Code: { ZipFile: zip } },
    }),
  );
  if (invoker !== undefined) {
    await lambda.send(
      new AddPermissionCommand({
        ...{ FunctionName, StatementId: 'invoker', Action: 'lambda:InvokeFunction' },
        ...invoker,
      }),
    );
  }
  return { functionArn: FunctionArn!, roleArn: Role!.Arn! };
}
