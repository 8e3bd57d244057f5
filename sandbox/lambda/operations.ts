import { jsonAnswer } from '../front/answers';
import type { ApiAnswer, AuthenticatedCall, OperationTable } from '../front/api-call';
import { ApiError } from '../front/api-call';
import type { Authorize } from '../front/front';
import type { Moto } from '../moto/moto';
import { arnIn } from '../partitions';
import { type Functions, type LambdaFunction } from './functions';
import { invokeOperation } from './invoke-operation';
import type { Invoker } from './invoker';
import { noSuchRuntime, RUNTIMES } from './node-binary';
import { roleId } from './role-id';

type Json = Record<string, unknown>;

export interface LambdaOperationsParts {
  readonly accountId: string;
  readonly moto: Moto;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly authorize: Authorize | undefined;
}

/** Lambda: moto keeps the functions, the sandbox remembers what it needs to run them. */
export function lambdaOperations({
  accountId,
  moto,
  functions,
  invoker,
  authorize,
}: LambdaOperationsParts): OperationTable {
  /** moto answers with a configuration, or has it as a member, without what it drops or keeps unchanged. */
  const withOurs = async (call: AuthenticatedCall): Promise<ApiAnswer> => {
    const answer = await moto.forward(call);
    if (answer.status >= 400) return answer;
    const body = JSON.parse(answer.body.toString('utf8')) as Json;
    const many = [body['Functions'] ?? [], body['Versions'] ?? []].flat() as Json[];
    for (const configuration of [body, (body['Configuration'] ?? {}) as Json, ...many]) {
      const fn = functions.find(String(configuration['FunctionName']));
      if (!fn) continue;
      configuration['LoggingConfig'] = fn.loggingConfig;
      configuration['Architectures'] = fn.architectures;
    }
    return { ...answer, body: Buffer.from(JSON.stringify(body)) };
  };
  const named = (call: AuthenticatedCall): string => String(call.parameters['FunctionName']);
  /**
   * Lambda grants the decryption of an environment to the role when the function is made, and when it gets another role.
   * Whether another environment renews the grant is said nowhere, so here it does not.
   * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function
   */
  const granted = async (fn: LambdaFunction, before?: LambdaFunction): Promise<LambdaFunction> => {
    if (Object.keys(fn.environment).length === 0) return { ...fn, grantee: undefined };
    if (before?.grantee !== undefined && before.roleArn === fn.roleArn) return fn;
    return { ...fn, grantee: await roleId(moto, fn.roleArn) };
  };

  return {
    'lambda:CreateFunction': async (call) => {
      const fn = await granted(
        configured(call.parameters, {
          ...{ name: named(call), region: call.region },
          arn: arnIn(call.region, 'lambda', accountId, `function:${named(call)}`),
          zip: zipOf((call.parameters['Code'] ?? {}) as Json),
          ...{
            roleArn: '',
            grantee: undefined,
            handler: 'index.handler',
            runtime: '',
            timeoutSeconds: 3,
            memoryMb: 128,
          },
          ...{ architectures: ['x86_64'], environment: {} },
          loggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${named(call)}` },
        }),
      );
      const existing = functions.find(named(call));
      if (!existing) functions.put(fn);
      const answer = await withOurs(call);
      if (!existing && answer.status >= 400) functions.delete(named(call));
      return answer;
    },
    'lambda:UpdateFunctionCode': async (call) => {
      const before = functions.require(named(call));
      functions.put({ ...configured(call.parameters, before), zip: zipOf(call.parameters) });
      const answer = await withOurs(call);
      if (answer.status >= 400) functions.put(before);
      return answer;
    },
    'lambda:UpdateFunctionConfiguration': async (call) => {
      const before = functions.require(named(call));
      functions.put(await granted(configured(call.parameters, before), before));
      const answer = await withOurs(call);
      if (answer.status >= 400) functions.put(before);
      return answer;
    },
    'lambda:PutFunctionConcurrency': async (call) => {
      const answer = await moto.forward(call);
      const limit = Number(call.parameters['ReservedConcurrentExecutions']);
      if (answer.status < 400) invoker.reserve(functions.require(named(call)).name, limit);
      return answer;
    },
    'lambda:DeleteFunctionConcurrency': async (call) => {
      const answer = await moto.forward(call);
      if (answer.status < 400) invoker.reserve(functions.require(named(call)).name, undefined);
      return answer;
    },
    'lambda:DeleteFunction': async (call) => {
      const answer = await moto.forward(call);
      if (answer.status < 400) {
        const { name } = functions.require(named(call));
        invoker.reserve(name, undefined);
        invoker.forget(name);
        functions.delete(named(call));
      }
      return answer;
    },
    'lambda:GetFunction': async (call) => {
      const answer = await withOurs(call);
      if (answer.status >= 400 || (await mayListTags(call, authorize))) return answer;
      const body = JSON.parse(answer.body.toString('utf8')) as Json;
      return { ...answer, body: Buffer.from(JSON.stringify({ ...body, Tags: undefined })) };
    },
    'lambda:GetFunctionConfiguration': withOurs,
    'lambda:GetAccountSettings': () => {
      const { all, unreserved } = invoker.accountLimit;
      const AccountLimit = { ConcurrentExecutions: all, UnreservedConcurrentExecutions: unreserved };
      return Promise.resolve(jsonAnswer({ AccountLimit }));
    },
    'lambda:ListFunctions': withOurs,
    'lambda:ListVersionsByFunction': withOurs,
    'lambda:Invoke': invokeOperation(functions, invoker),
  };
}

/**
 * GetFunction leaves the tags out, without an error, for who may not list them.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
async function mayListTags(call: AuthenticatedCall, authorize: Authorize | undefined): Promise<boolean> {
  try {
    await authorize?.({ ...call, action: 'ListTags' });
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/**
 * The function with the members that a request sets.
 *
 * @throws ApiError where it could not be run here
 */
function configured(request: Readonly<Json>, fn: LambdaFunction): LambdaFunction {
  const text = (name: string, otherwise: string): string =>
    (request[name] as string | undefined) ?? otherwise;
  const environment = (request['Environment'] as { Variables?: Record<string, string> } | undefined)
    ?.Variables;
  const logging = request['LoggingConfig'] as Json | undefined;
  const runtime = text('Runtime', fn.runtime);
  if (!RUNTIMES.includes(runtime))
    throw new ApiError('InvalidParameterValueException', noSuchRuntime(runtime));
  return {
    ...fn,
    roleArn: text('Role', fn.roleArn),
    handler: text('Handler', fn.handler),
    runtime,
    architectures: (request['Architectures'] as string[] | undefined) ?? fn.architectures,
    timeoutSeconds: Number(request['Timeout'] ?? fn.timeoutSeconds),
    memoryMb: Number(request['MemorySize'] ?? fn.memoryMb),
    environment: environment ?? (request['Environment'] ? {} : fn.environment),
    loggingConfig: logging ? { ...fn.loggingConfig, ...logging } : fn.loggingConfig,
  };
}

function zipOf(code: Readonly<Json>): Buffer {
  const zip = code['ZipFile'];
  if (typeof zip === 'string') return Buffer.from(zip, 'base64');
  throw new ApiError(
    'InvalidParameterValueException',
    'The local AWS runs functions from a zip in the request (`filename` in Terraform), not from S3 or an image.',
  );
}
