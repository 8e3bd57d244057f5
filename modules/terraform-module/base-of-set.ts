import { Token } from 'cdktf';

import type { JournalTableReference } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { reference, type TerraformReference } from '../terraform/reference';

/** What a module that is called beside a base takes from it; the build fails if the module does not declare one. */
export type DeclaredOfBase =
  | 'var.base.name'
  | 'var.base.prefix'
  | 'var.base.table_name'
  | 'var.base.table_arn'
  | 'var.base.role_path'
  | 'var.base.permissions_boundary_arn'
  | 'var.base.log_retention_days'
  | 'var.base.log_kms_key_arn'
  | 'var.base.function_runtime'
  | 'var.base.function_architecture'
  | 'var.base.vpc';

const take = (declared: DeclaredOfBase): TerraformReference => reference(declared);

/** The stack that a base makes. */
export const stackOfBase = (): {
  readonly stackName: string;
  readonly prefix: string;
  readonly table: JournalTableReference;
  readonly defaults: FunctionDefaults;
} => ({
  stackName: take('var.base.name'),
  prefix: take('var.base.prefix'),
  table: { tableName: take('var.base.table_name'), arn: take('var.base.table_arn') },
  defaults: {
    runtime: take('var.base.function_runtime'),
    architecture: take('var.base.function_architecture'),
    rolePath: take('var.base.role_path'),
    permissionsBoundaryArn: take('var.base.permissions_boundary_arn'),
    logRetentionDays: Token.asNumber(take('var.base.log_retention_days')),
    logKmsKeyArn: take('var.base.log_kms_key_arn'),
    vpc: { address: 'var.base.vpc' satisfies DeclaredOfBase },
  },
});
