import type { Plan, PlannedChange } from './read-plan';

/** What cannot be brought back once it is destroyed, and what is lost with it. */
const IRREPLACEABLE: Readonly<Record<string, string>> = {
  aws_iam_user: 'the user and its access keys',
  aws_iam_access_key: 'the key, for every application that uses it',
  aws_iam_service_specific_credential: 'the password, for every application that uses it',
  aws_secretsmanager_secret: 'the secret and the key in it, for every application that reads it',
  aws_secretsmanager_secret_version: 'the value, for every application that reads it',
  aws_dynamodb_table: 'the journals; without them it is not known which keys this product made',
  aws_kms_key: 'everything that is encrypted with the key',
  aws_s3_bucket: 'what is stored in it, such as the records of the audit trail',
  aws_cloudtrail: 'the records of what happens from then on',
};

/** What can be made again, but a user's applications fail until then. */
const RIGHTS_OF_USERS = new Set([
  'aws_iam_user_policy_attachment',
  'aws_iam_policy_attachment',
  'aws_iam_user_policy',
  'aws_iam_user_group_membership',
]);

/** A credential that Terraform may switch off in place. */
const WITH_STATUS = new Set(['aws_iam_access_key', 'aws_iam_service_specific_credential']);

/** Something irreplaceable that a plan would destroy, or believes to be gone. */
export interface Loss {
  readonly address: string;
  readonly kind: 'destroyed' | 'replaced' | 'deactivated' | 'gone' | 'renamed';
  /** `the user and its access keys` */
  readonly what: string;
  readonly reason?: string;
}

export interface SortedLosses {
  /** Losses that were not allowed. */
  readonly refused: readonly Loss[];
  readonly allowed: readonly Loss[];
  /** Allowances for what the plan does not destroy: left over from an earlier change, or misspelt. */
  readonly unused: readonly string[];
}

/**
 * @param plan what would change, and what Terraform did not find.
 * @param allowances addresses of what may be lost.
 */
export function findLosses(
  { changes, drift }: Pick<Plan, 'changes' | 'drift'>,
  allowances: readonly string[],
): SortedLosses {
  const inPlan = changes.flatMap((change) => [
    ...destroyed(change),
    ...rightsTaken(change, changes),
    ...deactivated(change),
    ...renamed(change, changes),
  ]);
  const told = new Set(inPlan.map(({ address }) => address));
  const losses = [...inPlan, ...drift.flatMap(gone).filter(({ address }) => !told.has(address))];
  const isAllowed = ({ address }: Loss): boolean => allowances.includes(address);
  return {
    refused: losses.filter((loss) => !isAllowed(loss)),
    allowed: losses.filter(isAllowed),
    unused: allowances.filter((allowance) => !losses.some(({ address }) => address === allowance)),
  };
}

const lostWith = (type: string): string | undefined =>
  Object.hasOwn(IRREPLACEABLE, type) ? IRREPLACEABLE[type] : undefined;

/** A replacement is a `delete` and a `create`, in either order. What Terraform only forgets stays in AWS. */
function destroyed({ address, type, actions, reason }: PlannedChange): readonly Loss[] {
  const what = lostWith(type);
  if (what === undefined || !actions.includes('delete')) return [];
  const kind = actions.includes('create') ? 'replaced' : 'destroyed';
  return [{ address, kind, what, ...(reason === undefined ? {} : { reason }) }];
}

/**
 * Rights that a user loses and needs: not those that go together with the user, not those of which the new ones are
 * given first, and not one of several that a list no longer names (there somebody said so).
 */
function rightsTaken(change: PlannedChange, changes: readonly PlannedChange[]): readonly Loss[] {
  const { address, type, actions, reason, before = {} } = change;
  if (!RIGHTS_OF_USERS.has(type) || !actions.includes('delete')) return [];
  if (actions[0] === 'create' || reason === 'delete_because_each_key') return [];
  const going = changes
    .filter((other) => other.type === 'aws_iam_user' && other.actions.includes('delete'))
    .map((other) => other.before?.['name']);
  const users = Array.isArray(before['users']) ? (before['users'] as unknown[]) : [before['user']];
  const staying = users.filter((user) => user === undefined || !going.includes(user));
  if (staying.length === 0) return [];
  const kind = actions.includes('create') ? 'replaced' : 'destroyed';
  const what = `rights of ${staying.map((user) => (typeof user === 'string' ? `user ${user}` : 'a user')).join(', ')}, which its applications may need`;
  return [{ address, kind, what, ...(reason === undefined ? {} : { reason }) }];
}

/** The status that is not known before the apply may be any. */
function deactivated({ address, type, actions, before, after }: PlannedChange): readonly Loss[] {
  if (!WITH_STATUS.has(type) || !actions.includes('update')) return [];
  if (before?.['status'] !== 'Active' || after?.['status'] === 'Active') return [];
  const what = lostWith(type);
  return what === undefined ? [] : [{ address, kind: 'deactivated', what }];
}

/**
 * A user that is made although its first key was made before: IAM has the former user under another name, or not at
 * all. Another user would be made beside it, and nobody would rotate or retire the keys of the former.
 */
function renamed(
  { address, type, actions }: PlannedChange,
  changes: readonly PlannedChange[],
): readonly Loss[] {
  if (type !== 'aws_iam_user' || !actions.includes('create') || actions.includes('delete')) return [];
  const [, module, name] = /^(.*)aws_iam_user\.([^.]+)$/.exec(address) ?? [];
  const firstKey = changes.find(
    (change) =>
      change.address === `${module}aws_lambda_invocation.${name}_first_key` &&
      change.actions.includes('delete'),
  );
  if (firstKey === undefined) return [];
  const id = userIdIn(firstKey.before?.['input']);
  const find = `aws iam list-users --query "Users[?UserId=='${id ?? '<its id>'}'].UserName"`;
  return [
    {
      address,
      kind: 'renamed',
      what: `the keys of the former user, which nobody would rotate or retire. Rename it back: \`${find}\` finds its name of today, \`aws iam update-user\` changes it`,
    },
  ];
}

/** The id of the user for whom a first key was made; undefined where the text says none. */
function userIdIn(input: unknown): string | undefined {
  return /"UserId":"([A-Za-z0-9]+)"/.exec(String(input))?.[1];
}

/** Terraform looked for it and did not find it, so the plan has it made anew, or says nothing of it. */
function gone({ address, type, actions }: PlannedChange): readonly Loss[] {
  const what = lostWith(type);
  return what === undefined || !actions.includes('delete') ? [] : [{ address, kind: 'gone', what }];
}
