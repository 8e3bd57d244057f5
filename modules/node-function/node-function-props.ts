import type { PolicyStatement, StatementWhere } from '../aws/policy-document';
import type { TerraformReference } from '../terraform/reference';
import type { FunctionArchitecture, FunctionRuntime } from './lambda-runtime';
import type { FunctionVpc, VpcReference } from './vpc';

/** What is the same for every function of a stack. */
export interface FunctionDefaults {
  /**
   * What the functions run on. `nodejs24.x` needs version 6.21.0 of the AWS provider, or a newer one.
   * @default "nodejs22.x"
   */
  readonly runtime?: FunctionRuntime | TerraformReference;
  /**
   * The processors that the functions run on.
   * @default "arm64"
   */
  readonly architecture?: FunctionArchitecture | TerraformReference;
  /**
   * Path of the execution roles.
   * @default "/"
   */
  readonly rolePath?: string;
  /** Permissions boundary of the execution roles. It has to allow what the policies of the function allow. */
  readonly permissionsBoundaryArn?: string;
  /**
   * How long log events are kept, in days: one of the numbers that CloudWatch Logs accepts.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /** Key that encrypts the log groups; its key policy has to admit CloudWatch Logs. */
  readonly logKmsKeyArn?: string;
  /**
   * The VPC that the functions run in.
   * @default none
   */
  readonly vpc?: FunctionVpc | VpcReference;
}

export type Statements = StatementList | (() => StatementList);
export type StatementList = readonly (PolicyStatement | StatementWhere)[];

export interface NodeFunctionProps<Environment> {
  /** Name in the Terraform addresses: `<type>.<address>`. */
  readonly address: string;
  /** Name of the function and of its role, at most 64 characters. */
  readonly functionName: string;
  readonly description: string;
  /** Absolute path of the file that exports `handler`. */
  readonly entryFile: string;
  /** Environment variables. Readable by everyone who may describe the function, so never a secret. */
  readonly environment: Environment;
  /**
   * 1 to 900. An invocation that is cut off leaves work to be settled.
   * @default 600
   */
  readonly timeoutSeconds?: number;
  /**
   * 128 to 10,240. Lambda gives CPU in proportion to it.
   * @default 256
   */
  readonly memoryMb?: number;
  /** What the function may do, besides writing its log. A function is asked once all constructs are made. */
  readonly statements: Statements;
  readonly defaults: FunctionDefaults;
  /** For the function, its role and its log group. */
  readonly tags?: Readonly<Record<string, string>>;
}
