import { groupedBy } from '../grouped-by';
import { IAM_USERS, type Permission, SECRETS, TABLE } from '../policy/permission';
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
import { leaks } from './checks/leaks';
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
  leaks,
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

/** Those that AWS can limit to what is the stack's; all others list, and know no resources. */
const RESOURCES: Readonly<Record<string, string>> = {
  'dynamodb:DescribeTable': TABLE,
  'dynamodb:GetItem': TABLE,
  'dynamodb:ListTagsOfResource': TABLE,
  'iam:ListAccessKeys': IAM_USERS,
  'lambda:GetPolicy': 'arn:{partition}:lambda:{region}:{account}:function:{prefix}-*',
  'secretsmanager:GetResourcePolicy': SECRETS,
};

/** What `doctor` does on AWS, with and without `--before-apply`. */
export const EXAMINE: readonly Permission[] = permissionsOf([...CHECKS, ...CHECKS_BEFORE_APPLY]);

function permissionsOf(checks: readonly Check[]): readonly Permission[] {
  const actions = [...new Set(checks.flatMap((check) => check.permissions))].toSorted();
  const byService = groupedBy(
    actions,
    (action) => `${action.split(':')[0] ?? ''} ${RESOURCES[action] ?? '*'}`,
  );
  return [...byService].map(([key, of]) => {
    const [service = '', resource = ''] = key.split(' ');
    const what = resource === '*' ? 'All' : 'Own';
    return {
      sid: `Examine${what}${service.charAt(0).toUpperCase()}${service.slice(1)}`,
      actions: of,
      resources: [resource],
    };
  });
}
