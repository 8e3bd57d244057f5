interface Statement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * Keys that say who calls, or from where. AWS publishes the list for the check of DynamoDB, which is of the same kind; of
 * Secrets Manager's own it publishes none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html
 */
const LIMITING_KEYS: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:UserId',
  ].map((key) => key.toLowerCase()),
);

/** Operators that do not hold where the key is absent, and that name what is admitted. */
const LIMITING_OPERATORS: ReadonlySet<string> = new Set([
  'StringEquals',
  'StringLike',
  'ArnEquals',
  'ArnLike',
]);

/**
 * Whether a policy allows something to everybody: its principal is a wildcard, and no condition limits the callers to values
 * that are fixed, without wildcards and variables. AWS reasons further, for instance about ranges of addresses.
 */
export function isPublic(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
  return [Statement]
    .flat()
    .some((statement) => statement.Effect === 'Allow' && isForEverybody(statement) && !isLimited(statement));
}

function isForEverybody({ Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined) return true;
  const named = typeof Principal === 'object' ? Principal['AWS'] : Principal;
  return [named ?? []].flat().includes('*');
}

const isLimited = ({ Condition = {} }: Statement): boolean =>
  Object.entries(Condition).some(
    ([operator, operands]) =>
      LIMITING_OPERATORS.has(operator) &&
      Object.entries(operands).some(
        ([key, values]) => LIMITING_KEYS.has(key.toLowerCase()) && [values].flat().every(isFixed),
      ),
  );

const isFixed = (value: string): boolean => !/[*?]|\$\{/.test(value);
