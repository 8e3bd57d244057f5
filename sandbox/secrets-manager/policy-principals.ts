import { ApiError } from '../front/api-call';
import { uniqueIdOf } from '../iam/unique-ids';
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
 * Finds the principals of a policy, all of which have to exist at AWS. Those of other accounts cannot be looked up here.
 *
 * @param mustExist - false: a role or user that is not there is taken all the same, which AWS does not do
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://github.com/hashicorp/terraform-provider-aws/issues/14449
 *
 * @throws ApiError where a principal is none, or is none any more
 */
export async function storedPolicy(
  moto: Moto,
  accountId: string,
  text: string,
  mustExist: boolean,
): Promise<StoredPolicy> {
  const uniqueIds = new Map<string, string>();
  for (const principal of principalsOf(JSON.parse(text) as Document)) {
    if (isAnyone(principal)) continue;
    const account = /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    if (account === undefined) throw unsupportedPrincipal();
    if (account !== accountId || principal.includes(':sts::')) continue;
    const id = await uniqueIdOf(moto, principal);
    if (id !== undefined) uniqueIds.set(principal, id);
    else if (mustExist) throw unsupportedPrincipal();
  }
  return { text, uniqueIds };
}

/**
 * The policy as AWS shows it: with the unique id in place of a role or user that was deleted, also if there is another of
 * the same name by now.
 */
export async function shownPolicy(moto: Moto, { text, uniqueIds }: StoredPolicy): Promise<string> {
  let shown = text;
  for (const [arn, id] of uniqueIds) {
    if ((await uniqueIdOf(moto, arn)) !== id)
      shown = shown.replaceAll(JSON.stringify(arn), JSON.stringify(id));
  }
  return shown;
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

const unsupportedPrincipal = (): ApiError =>
  new ApiError('MalformedPolicyDocumentException', 'This resource policy contains an unsupported principal.');
