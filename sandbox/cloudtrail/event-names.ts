import type { RecordedCall } from '../front/recorder';

/** A call by the name, and with the members, that the API's reference has. */
export interface NamedCall {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What CloudTrail calls a call. The front knows REST calls of some services by method and path alone. */
export function namedCall({ service, action, parameters }: RecordedCall): NamedCall {
  const [method = '', path] = action.split(' ');
  if (service === 'lambda')
    return { name: LAMBDA_NAMES[action] ?? action, parameters: ofFunction(parameters) };
  if (path === undefined) return { name: action, parameters };
  if (service === 'scheduler') return scheduleCall(method, path, parameters);
  if (service === 's3') return bucketCall(method, path, parameters);
  return { name: action, parameters };
}

/**
 * How AWS writes a partial ARN (`111122223333:function:name`) down is not documented. Here it is the function's name, as
 * this product assumes.
 */
function ofFunction(parameters: NamedCall['parameters']): NamedCall['parameters'] {
  const name = /^\d{12}:function:(.+)$/.exec(String(parameters['FunctionName']))?.[1];
  return name === undefined ? parameters : { ...parameters, FunctionName: name };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html */
const LAMBDA_NAMES: Readonly<Record<string, string>> = {
  AddPermission: 'AddPermission20150331v2',
  CreateEventSourceMapping: 'CreateEventSourceMapping20150331',
  CreateFunction: 'CreateFunction20150331',
  DeleteFunction: 'DeleteFunction20150331',
  DeleteFunctionConcurrency: 'DeleteFunctionConcurrency20171031',
  GetFunction: 'GetFunction20150331v2',
  GetFunctionConfiguration: 'GetFunctionConfiguration20150331v2',
  GetAccountSettings: 'GetAccountSettings20160819',
  GetPolicy: 'GetPolicy20150331v2',
  ListFunctions: 'ListFunctions20150331',
  ListVersionsByFunction: 'ListVersionsByFunction20150331',
  PutFunctionConcurrency: 'PutFunctionConcurrency20171031',
  PutRuntimeManagementConfig: 'PutRuntimeManagementConfig20210720',
  RemovePermission: 'RemovePermission20150331v2',
  UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
  UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
};

const SCHEDULE_NAMES: Readonly<Record<string, string>> = {
  POST: 'CreateSchedule',
  PUT: 'UpdateSchedule',
  GET: 'GetSchedule',
  DELETE: 'DeleteSchedule',
};

/** `PUT /schedules/NAME`. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html */
function scheduleCall(method: string, path: string, parameters: NamedCall['parameters']): NamedCall {
  const [, name] = /^\/schedules\/([^/]+)$/.exec(path) ?? [];
  const known = SCHEDULE_NAMES[method];
  if (name === undefined || known === undefined) return { name: `${method} ${path}`, parameters };
  return { name: known, parameters: { ...parameters, Name: decodeURIComponent(name) } };
}

/** What is done to a part of a bucket, named in the query. CloudTrail says Bucket where the API does not. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  encryption: 'Encryption',
  lifecycle: 'Lifecycle',
  ownershipControls: 'OwnershipControls',
  policy: 'Policy',
  publicAccessBlock: 'PublicAccessBlock',
  tagging: 'Tagging',
  versioning: 'Versioning',
};

const BUCKET_VERBS: Readonly<Record<string, string>> = { PUT: 'Put', GET: 'Get', DELETE: 'Delete' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
function bucketCall(method: string, path: string, parameters: NamedCall['parameters']): NamedCall {
  const [, bucketName, key] = /^\/([^/]+)(?:\/(.+)?)?$/s.exec(path) ?? [];
  const verb = BUCKET_VERBS[method];
  const part = Object.keys(parameters).find((name) => name in BUCKET_PARTS);
  const unknown = { name: `${method} ${path}`, parameters };
  if (bucketName === undefined || key !== undefined || verb === undefined) return unknown;
  if (part !== undefined)
    return { name: `${verb}Bucket${BUCKET_PARTS[part] ?? ''}`, parameters: { bucketName } };
  return method === 'GET'
    ? unknown
    : { name: method === 'PUT' ? 'CreateBucket' : 'DeleteBucket', parameters: { bucketName } };
}

/**
 * The members of a call of the query protocol as they were before it flattened them: `X.member.1` is of a list, `X.entry.1.key`
 * of a map, `X.Y` of a structure.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function unflattened(parameters: NamedCall['parameters']): Readonly<Record<string, unknown>> {
  const tree: Tree = {};
  for (const [path, value] of Object.entries(parameters)) {
    const steps = path.split('.');
    const last = steps.pop() ?? path;
    const parent = steps.reduce<Tree>((node, step) => (node[step] ??= {}) as Tree, tree);
    parent[last] = value;
  }
  return Object.fromEntries(Object.entries(tree).map(([name, node]) => [name, listed(node)]));
}

type Tree = Record<string, unknown>;

function listed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
  const tree = node as Tree;
  const members = (tree['member'] ?? tree) as Tree;
  const isList = Object.keys(members).length > 0 && Object.keys(members).every((key) => /^\d+$/.test(key));
  if (isList) return Object.values(members).map(listed);
  return Object.fromEntries(Object.entries(tree).map(([name, inner]) => [name, listed(inner)]));
}
