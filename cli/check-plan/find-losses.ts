import type { PlannedChange } from './read-plan';

/** What cannot be brought back once it is destroyed, and what is lost with it. */
const IRREPLACEABLE: Readonly<Record<string, string>> = {
  aws_iam_user: 'the user and its access keys',
  aws_secretsmanager_secret: 'the secret and the key in it, for every application that reads it',
  aws_dynamodb_table: 'the journals; without them it is not known which keys this product made',
  aws_kms_key: 'everything that is encrypted with the key',
};

/** Something irreplaceable that a plan would destroy. */
export interface Loss {
  readonly address: string;
  readonly kind: 'destroyed' | 'replaced';
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
 * @param changes of the plan.
 * @param allowances addresses that may be destroyed or replaced.
 */
export function findLosses(changes: readonly PlannedChange[], allowances: readonly string[]): SortedLosses {
  const losses = changes.flatMap(lossOf);
  const isAllowed = ({ address }: Loss): boolean => allowances.includes(address);
  return {
    refused: losses.filter((loss) => !isAllowed(loss)),
    allowed: losses.filter(isAllowed),
    unused: allowances.filter((allowance) => !losses.some(({ address }) => address === allowance)),
  };
}

/** A replacement is a `delete` and a `create`, in either order. What Terraform only forgets stays in AWS. */
function lossOf({ address, type, actions, reason }: PlannedChange): readonly Loss[] {
  const what = IRREPLACEABLE[type];
  if (what === undefined || !actions.includes('delete')) return [];
  const kind = actions.includes('create') ? 'replaced' : 'destroyed';
  return [{ address, kind, what, ...(reason === undefined ? {} : { reason }) }];
}
