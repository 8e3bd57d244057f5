import type { Policy } from './evaluate';

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A part of a statement that could be taken away by itself. */
export interface Grant {
  /** `Secret: action secretsmanager:PutSecretValue` */
  readonly name: string;
  /** The statement with nothing but this part of it. */
  readonly policy: Policy;
}

/**
 * What a role's policies grant, in the smallest parts: every action of a statement, every resource, and every value of
 * a condition. A part is used if some request is allowed by the statement with this part alone.
 */
export function grantsOf(policies: readonly Policy[]): readonly Grant[] {
  return policies.flatMap(({ document }) => {
    const { Statement } = document as { readonly Statement: Statement | readonly Statement[] };
    const statements = [Statement].flat() as readonly Statement[];
    return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(partsOf);
  });
}

function partsOf(statement: Statement): readonly Grant[] {
  const { Sid = 'a statement without Sid', Action, Resource, Condition = {} } = statement;
  const part = (what: string, change: Partial<Statement>): Grant => {
    const document = { Version: '2012-10-17', Statement: [{ ...statement, ...change }] };
    return { name: `${Sid}: ${what}`, policy: { name: Sid, document } };
  };
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      [values].flat().map((value) =>
        part(`${key} ${value}`, {
          Condition: { ...Condition, [operator]: { ...keys, [key]: value } },
        }),
      ),
    ),
  );
  return [
    ...[Action].flat().map((action) => part(`action ${action}`, { Action: action })),
    ...[Resource].flat().map((resource) => part(`resource ${resource}`, { Resource: resource })),
    ...conditions,
  ];
}
