import {
  CallRefusedError,
  CallUnansweredError,
  type CallName,
  type RefusalKind,
} from '../../../handlers/core/model/call-errors';

export const call = {
  listAccessKeys: { service: 'IAM', action: 'ListAccessKeys' },
  createAccessKey: { service: 'IAM', action: 'CreateAccessKey' },
  updateAccessKey: { service: 'IAM', action: 'UpdateAccessKey' },
  deleteAccessKey: { service: 'IAM', action: 'DeleteAccessKey' },
  getAccessKeyLastUsed: { service: 'IAM', action: 'GetAccessKeyLastUsed' },
  describeSecret: { service: 'Secrets Manager', action: 'DescribeSecret' },
  getSecretValue: { service: 'Secrets Manager', action: 'GetSecretValue' },
  putSecretValue: { service: 'Secrets Manager', action: 'PutSecretValue' },
  describeServices: { service: 'ECS', action: 'DescribeServices' },
  updateService: { service: 'ECS', action: 'UpdateService' },
  githubGet: { service: 'GitHub', action: 'GET' },
  githubPut: { service: 'GitHub', action: 'PUT' },
  httpsPut: { service: 'HTTPS', action: 'PUT' },
  putParameter: { service: 'Systems Manager', action: 'PutParameter' },
  updateSecretVersionStage: { service: 'Secrets Manager', action: 'UpdateSecretVersionStage' },
  getCallerIdentity: { service: 'STS', action: 'GetCallerIdentity' },
  rotateSecret: { service: 'Secrets Manager', action: 'RotateSecret' },
  lookupEvents: { service: 'CloudTrail', action: 'LookupEvents' },
  scan: { service: 'DynamoDB', action: 'Scan' },
  getItem: { service: 'DynamoDB', action: 'GetItem' },
  updateItem: { service: 'DynamoDB', action: 'UpdateItem' },
} as const satisfies Record<string, CallName>;

/** An answer of AWS that says no, with the code that AWS uses. */
export function refusal(name: CallName, kind: RefusalKind, code: string, message: string): CallRefusedError {
  return new CallRefusedError(name, kind, code, message);
}

/** No answer came: AWS may have done it, or may still do it. */
export const unanswered = (name: CallName): CallUnansweredError =>
  new CallUnansweredError(name, 'TimeoutError', 'TimeoutError');
