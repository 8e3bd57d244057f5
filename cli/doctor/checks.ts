import type { Check } from './check';
import { alarms } from './checks/alarms';
import { clock } from './checks/clock';
import { code } from './checks/code';
import { deployPermissions } from './checks/deploy-permissions';
import { existingUsers } from './checks/existing-users';
import { functions } from './checks/functions';
import { iamQuotas } from './checks/iam-quotas';
import { keySlots } from './checks/key-slots';
import { lambdaQuotas } from './checks/lambda-quotas';
import { names } from './checks/names';
import { otherActors } from './checks/other-actors';
import { permissions } from './checks/permissions';
import { quarantine } from './checks/quarantine';
import { readers } from './checks/readers';
import { rotations } from './checks/rotations';
import { rules } from './checks/rules';
import { schedules } from './checks/schedules';
import { subscriptions } from './checks/subscriptions';
import { table } from './checks/table';
import { tools } from './checks/tools';
import { trail } from './checks/trail';
import { users } from './checks/users';

/** What `doctor` looks at, in the order in which it is shown. */
export const CHECKS: readonly Check[] = [
  table,
  users,
  rotations,
  functions,
  code,
  permissions,
  schedules,
  readers,
  alarms,
  rules,
  subscriptions,
  trail,
  quarantine,
  otherActors,
  iamQuotas,
  lambdaQuotas,
  clock,
];

/** What `doctor --before-apply` looks at. */
export const CHECKS_BEFORE_APPLY: readonly Check[] = [
  tools,
  names,
  existingUsers,
  keySlots,
  deployPermissions,
  quarantine,
  iamQuotas,
  lambdaQuotas,
  clock,
];

/** The IAM actions that `doctor` calls, with and without `--before-apply`. */
export const DOCTOR_PERMISSIONS: readonly string[] = [
  ...new Set([...CHECKS, ...CHECKS_BEFORE_APPLY].flatMap((check) => check.permissions)),
].toSorted();
