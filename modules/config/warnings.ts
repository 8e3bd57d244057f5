import type { ConfigurationWarning, StackConfiguration } from './configuration';

/** Of IAM's quota of 1,000 roles for an account (it can be raised), which others need too. */
const MANY_FUNCTIONS = 300;

/** What is allowed and yet worth a look. */
export function warningsOf(stacks: readonly StackConfiguration[], now: number): ConfigurationWarning[] {
  return [
    ...manyFunctions(stacks),
    ...stacksWithoutRecipients(stacks),
    ...endedExemptions(stacks, now),
    ...unknownDeployers(stacks),
    ...undecryptable(stacks),
    ...stacks.flatMap(stateWithoutLock),
    ...stacks.flatMap(copiesWithoutCustomerKey),
  ];
}

function manyFunctions(stacks: readonly StackConfiguration[]): ConfigurationWarning[] {
  const accounts = [...new Set(stacks.map(({ accountId }) => accountId))];
  return accounts.flatMap((accountId): ConfigurationWarning[] => {
    const perUser = stacks.filter((stack) => stack.accountId === accountId && stack.functions === 'per-user');
    const functions = perUser.reduce((count, { users }) => count + users.length, 0);
    const largest = perUser.toSorted((a, b) => b.users.length - a.users.length)[0];
    if (functions <= MANY_FUNCTIONS || largest === undefined) return [];
    const path = `stacks.${largest.name}.functions`;
    return [
      {
        path,
        text:
          `${path}: account ${accountId} gets ${functions} functions, one for each user, and as many roles; IAM ` +
          'allows an account 1,000 roles unless the quota was raised. Write functions: shared for one function ' +
          'for all users of a stack.',
      },
    ];
  });
}

function stacksWithoutRecipients(stacks: readonly StackConfiguration[]): ConfigurationWarning[] {
  return stacks.flatMap(({ name, alerts, users }): ConfigurationWarning[] => {
    if (alerts.emails.length + alerts.topicArns.length > 0 || users.length === 0) return [];
    // Who asks for what chat shows has a channel, which subscribes to the stack's own topic by itself.
    if (alerts.format === 'chat') return [];
    const path = `stacks.${name}.alerts`;
    const text =
      `${path}: nobody is told when a rotation fails or stops, unless somebody subscribes to the stack's topic by ` +
      'hand. Write alerts: { emails: [oncall@example.com] }, or topicArns: with a topic that is there already.';
    return [{ path, text }];
  });
}

function endedExemptions(stacks: readonly StackConfiguration[], now: number): ConfigurationWarning[] {
  return stacks.flatMap(({ name, users }) =>
    users.flatMap(({ key, exemption }): ConfigurationWarning[] => {
      if (exemption === undefined || Date.parse(exemption.until) > now) return [];
      const path = `stacks.${name}.users.${key}.exemption`;
      const text =
        `${path}: the exemption ended at ${exemption.until}, so the user's keys are rotated and retired again. ` +
        'Take the entry out, or give it a later end.';
      return [{ path, text }];
    }),
  );
}

/** What Terraform changes and what a person changes look the same, unless it is known who Terraform is. */
function unknownDeployers(stacks: readonly StackConfiguration[]): ConfigurationWarning[] {
  return stacks.flatMap(({ name, auditTrail, deployRoleArn }): ConfigurationWarning[] => {
    if (auditTrail.kind === 'none' || deployRoleArn !== undefined) return [];
    const path = `stacks.${name}.deployRoleArn`;
    return [
      {
        path,
        text:
          `${path}: without it nobody can tell what Terraform changes from what a person changes, so suspicious ` +
          'acts on the functions and on the items of the table are not watched, and an apply that changes a ' +
          'secret, the table or the watch itself is reported. Write the role that Terraform works with.',
      },
    ];
  });
}

/** An existing user is not changed, so it is not given kms:Decrypt; the policy of the customer key is a person's. */
function undecryptable(stacks: readonly StackConfiguration[]): ConfigurationWarning[] {
  return stacks.flatMap(({ name, users }) =>
    users.flatMap(({ key, existing, kmsKeyArn, selfRenewal, userName }): ConfigurationWarning[] => {
      if (kmsKeyArn === undefined || !existing || !selfRenewal) return [];
      const path = `stacks.${name}.users.${key}.selfRenewal`;
      const text =
        `${path}: the existing user ${userName} stays as it is, so it is not given kms:Decrypt on ${kmsKeyArn}, without ` +
        'which it cannot read its secret. Allow it in the policy of that key, or in one of the user.';
      return [{ path, text }];
    }),
  );
}

function stateWithoutLock({ name, backend }: StackConfiguration): ConfigurationWarning[] {
  if (backend.kind !== 'http' || backend.lock !== undefined) return [];
  const path = `stacks.${name}.backend.http`;
  const text = `${path}: the state is not locked, so that two applies at a time can lose what one of them made. Write lockAddress, if the server has locks.`;
  return [{ path, text }];
}

/** Whoever wants a customer key for a secret hardly wants AWS's own for its copies. */
function copiesWithoutCustomerKey({ name, users }: StackConfiguration): ConfigurationWarning[] {
  const copies = users.flatMap(({ kmsKeyArn, replicas }) => (kmsKeyArn === undefined ? [] : replicas));
  const regions = new Set(copies.filter((copy) => copy.kmsKeyArn === undefined).map(({ region }) => region));
  if (regions.size === 0) return [];
  const path = `stacks.${name}.replicaRegions`;
  const text = `${path}: the secrets are encrypted with a customer key, and their copies in ${[...regions].join(', ')} with AWS's own. Write kmsKeyArn for the region, with a key of that region.`;
  return [{ path, text }];
}
