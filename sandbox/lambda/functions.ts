import { ApiError } from '../front/api-call';

/** What the sandbox keeps of a function, beside moto, so that it can run it. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly zip: Buffer;
  readonly roleArn: string;
  /** The unique id of the role that may decrypt the environment; undefined where there is none to decrypt. */
  readonly grantee: string | undefined;
  readonly handler: string;
  readonly runtime: string;
  /** As the code was last uploaded for; moto keeps those of the first upload. */
  readonly architectures: readonly string[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** As configured; moto drops it. */
  readonly loggingConfig: Readonly<Record<string, unknown>>;
}

export class Functions {
  private readonly byName = new Map<string, LambdaFunction>();

  /** By name, or by ARN with or without a qualifier. */
  find(nameOrArn: string): LambdaFunction | undefined {
    return this.byName.get(functionName(nameOrArn));
  }

  require(nameOrArn: string): LambdaFunction {
    const found = this.find(nameOrArn);
    if (found) return found;
    throw new ApiError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
  }

  put(fn: LambdaFunction): void {
    this.byName.set(fn.name, fn);
  }

  delete(nameOrArn: string): void {
    this.byName.delete(functionName(nameOrArn));
  }
}

/** `name`, `name:qualifier`, `arn:aws:lambda:<region>:<account>:function:name[:qualifier]`, `<account>:function:name` */
export function functionName(nameOrArn: string): string {
  const afterFunction = /(?:^|:)function:([^:]+)/.exec(nameOrArn)?.[1];
  return afterFunction ?? nameOrArn.split(':')[0] ?? nameOrArn;
}
