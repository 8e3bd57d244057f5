import { ApiError } from '../front/api-call';
import { uniqueIdOf } from './unique-ids';
import type { Moto } from '../moto/moto';

/** A resource policy as AWS keeps it: roles and users by their unique ids. */
export interface StoredPolicy {
  readonly text: string;
  /** By ARN, of the principals that are roles and users of this account. */
  readonly uniqueIds: ReadonlyMap<string, string>;
}

interface Document {
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Finds the principals of a policy, all of which have to exist. Those of other accounts cannot be looked up here. What
 * stands in a condition is a text, and need not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://github.com/hashicorp/terraform-provider-aws/issues/14449
 *
 * @param refusal - what the service says of a principal that is none
 * @throws ApiError - the refusal, where a principal is none, or is none any more
 */
export async function storedPolicy(
  moto: Moto,
  accountId: string,
  text: string,
  refusal: string,
): Promise<StoredPolicy> {
  const uniqueIds = new Map<string, string>();
  const unsupported = (): ApiError => new ApiError('MalformedPolicyDocumentException', refusal);
  for (const principal of principalsOf(JSON.parse(text) as Document)) {
    if (isAnyone(principal)) continue;
    const account = /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    if (account === undefined) throw unsupported();
    if (account !== accountId || principal.includes(':sts::')) continue;
    const id = await uniqueIdOf(moto, principal);
    if (id === undefined) throw unsupported();
    uniqueIds.set(principal, id);
  }
  return { text, uniqueIds };
}

/**
 * The policy as AWS shows it: with the unique id in place of a role or user that was deleted, also if there is another of
 * the same name by now. Such a policy is rendered anew, so a principal that is alone is no list any more. (The AWS provider
 * 5.100.0 looks for ids outside of lists only, so this is the harder case for it.)
 */
export async function shownPolicy(moto: Moto, { text, uniqueIds }: StoredPolicy): Promise<string> {
  const deleted = new Map<string, string>();
  for (const [arn, id] of uniqueIds) {
    if ((await uniqueIdOf(moto, arn)) !== id) deleted.set(arn, id);
  }
  if (deleted.size === 0) return text;
  const document = JSON.parse(text) as Document;
  return JSON.stringify({
    ...document,
    Statement: [document.Statement].flat().map((statement) => {
      const named = typeof statement.Principal === 'object' ? statement.Principal['AWS'] : undefined;
      if (named === undefined) return statement;
      const ids = [named].flat().map((arn) => deleted.get(arn) ?? arn);
      return {
        ...statement,
        Principal: { ...(statement.Principal as object), AWS: ids.length === 1 ? ids[0] : ids },
      };
    }),
  });
}

function principalsOf({ Statement }: Document): readonly string[] {
  return [Statement].flat().flatMap(({ Principal }) => {
    if (typeof Principal === 'string') return [Principal];
    return [Principal?.['AWS'] ?? []].flat();
  });
}

/** Everybody, or whoever an account lets. */
const isAnyone = (principal: string): boolean =>
  principal === '*' || /^\d{12}$/.test(principal) || /^arn:[^:]+:iam::\d{12}:root$/.test(principal);
