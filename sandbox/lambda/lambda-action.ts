const EVENT_INVOKE_CONFIG = /^\/functions\/(?<FunctionName>[^/]+)\/event-invoke-config\/?$/;

/** Lambda is a REST service: method and path say which operation it is. */
const ACTIONS: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ['POST', /^\/functions\/?$/, 'CreateFunction'],
  ['GET', /^\/functions\/?$/, 'ListFunctions'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/?$/, 'GetFunction'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/?$/, 'DeleteFunction'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/configuration\/?$/, 'GetFunctionConfiguration'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/configuration\/?$/, 'UpdateFunctionConfiguration'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/code\/?$/, 'UpdateFunctionCode'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/invocations\/?$/, 'Invoke'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/policy\/?$/, 'GetPolicy'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/policy\/?$/, 'AddPermission'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/policy\/(?<StatementId>[^/]+)\/?$/, 'RemovePermission'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/concurrency\/?$/, 'PutFunctionConcurrency'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/concurrency\/?$/, 'DeleteFunctionConcurrency'],
  ['PUT', EVENT_INVOKE_CONFIG, 'PutFunctionEventInvokeConfig'],
  ['POST', EVENT_INVOKE_CONFIG, 'UpdateFunctionEventInvokeConfig'],
  ['GET', EVENT_INVOKE_CONFIG, 'GetFunctionEventInvokeConfig'],
  ['DELETE', EVENT_INVOKE_CONFIG, 'DeleteFunctionEventInvokeConfig'],
  ['GET', /^\/account-settings\/?$/, 'GetAccountSettings'],
  ['POST', /^\/event-source-mappings\/?$/, 'CreateEventSourceMapping'],
  [
    'PUT',
    /^\/functions\/(?<FunctionName>[^/]+)\/runtime-management-config\/?$/,
    'PutRuntimeManagementConfig',
  ],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/versions\/?$/, 'ListVersionsByFunction'],
];

export function lambdaAction(
  method: string,
  path: string,
  query: URLSearchParams,
  body: Record<string, unknown>,
): { action: string; parameters: Record<string, unknown> } {
  const withoutVersion = path.replace(/^\/\d{4}-\d\d-\d\d/, '');
  for (const [itsMethod, pattern, action] of ACTIONS) {
    const match = method === itsMethod ? pattern.exec(withoutVersion) : null;
    if (!match) continue;
    const fromPath = Object.entries(match.groups ?? {}).map(
      ([name, text]) => [name, decodeURIComponent(text)] as const,
    );
    // The body of Invoke is the function's event: nobody's parameter but the function's.
    const members = action === 'Invoke' ? {} : body;
    return {
      action,
      parameters: { ...members, ...Object.fromEntries(query), ...Object.fromEntries(fromPath) },
    };
  }
  return { action: `${method} ${path}`, parameters: Object.fromEntries(query) };
}
