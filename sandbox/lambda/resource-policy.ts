interface Statement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string | readonly string[] } | string;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Whether a function's resource policy lets a service invoke it on behalf of a resource. */
export function resourcePolicyAllows(
  policy: string,
  caller: { readonly service: string; readonly sourceArn: string; readonly sourceAccount: string },
): boolean {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
  return [statements].flat().some(({ Effect, Principal, Action, Condition }) => {
    const services = typeof Principal === 'string' ? [] : [Principal.Service ?? []].flat();
    const invokes = [Action].flat().some((action) => like(action.toLowerCase(), 'lambda:invokefunction'));
    return (
      Effect === 'Allow' && services.includes(caller.service) && invokes && conditionsHold(Condition, caller)
    );
  });
}

/** AddPermission knows SourceArn (ArnLike or StringLike) and SourceAccount (StringEquals); anything else fails closed. */
function conditionsHold(
  conditions: Statement['Condition'],
  { sourceArn, sourceAccount }: { readonly sourceArn: string; readonly sourceAccount: string },
): boolean {
  const actual: Readonly<Record<string, string>> = {
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': sourceAccount,
  };
  return Object.values(conditions ?? {}).every((operands) =>
    Object.entries(operands).every(([key, wanted]) => {
      const value = actual[key.toLowerCase()];
      return value !== undefined && [wanted].flat().some((pattern) => like(pattern, value));
    }),
  );
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
