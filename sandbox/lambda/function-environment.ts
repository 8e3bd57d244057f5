import type { SessionCredentials } from '../sts/sessions';
import type { LambdaFunction } from './functions';

/**
 * What Lambda puts in a function's environment, the endpoint of the local AWS, and nothing of ours.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionEnvironment(
  fn: LambdaFunction,
  run: {
    readonly taskRoot: string;
    readonly logStream: string;
    readonly credentials: SessionCredentials;
    readonly endpoint: string;
  },
): Record<string, string> {
  const logging = fn.loggingConfig as { LogGroup?: string; LogFormat?: string; ApplicationLogLevel?: string };
  return {
    ...fn.environment,
    _HANDLER: fn.handler,
    AWS_ACCESS_KEY_ID: run.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: run.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: run.credentials.sessionToken,
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_ENDPOINT_URL: run.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: logging.LogFormat ?? 'Text',
    ...(logging.ApplicationLogLevel ? { AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel } : {}),
    AWS_LAMBDA_LOG_GROUP_NAME: logging.LogGroup ?? `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: run.logStream,
    LAMBDA_TASK_ROOT: run.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    // So that no configuration or credentials file of this machine's user is found.
    HOME: run.taskRoot,
  };
}
