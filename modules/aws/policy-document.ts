import { jsonText, listAt, type TextList } from '../terraform/json-text';
import type { TerraformCondition } from '../terraform/reference';

/** One statement of an IAM policy, as JSON has it. */
export interface PolicyStatement {
  /** Letters and digits only. Says what the statement is for. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly AWS: '*' | TextList } | { readonly Service: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource?: string | TextList;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | TextList>>>>;
}

/** A statement that is in the document only where a condition holds, which Terraform alone can tell. */
export interface StatementWhere extends TerraformCondition {
  readonly statement: PolicyStatement;
}

/** All known; or an address of Terraform (`local.secrets`) at which there is a list. Either may be empty. */
export type Resources = readonly string[] | { readonly address: string };

/** A statement without a resource is refused: there is none where there is none. */
export function onAny(
  resources: Resources,
  statement: (resources: TextList) => PolicyStatement,
): readonly (PolicyStatement | StatementWhere)[] {
  if (!('address' in resources)) return resources.length === 0 ? [] : [statement(resources)];
  const { address } = resources;
  return [{ where: `length(${address}) > 0`, statement: statement(listAt(address)) }];
}

/**
 * The document as text. Not `jsonencode`, so that what is applied can be read in the synthesized file; strings in
 * it may hold Terraform references, since what we refer to (ARNs, names) never needs escaping in JSON.
 */
export function policyDocument(statements: readonly (PolicyStatement | StatementWhere)[]): string {
  const text = statements.map((one, index) => {
    const before = statements.slice(0, index);
    return isConditional(one)
      ? onlyWhere(one.where, comma(before) + jsonText(one.statement))
      : comma(before) + jsonText(one);
  });
  return `{"Version":"2012-10-17","Statement":[${text.join('')}]}`;
}

/** For the policy of a resource: nobody reaches it without encryption on the way. @param action all of its service's: `s3:*` */
export const onlyOverTls = (
  action: string | readonly string[],
  resource: string | readonly string[],
): PolicyStatement => ({
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: { AWS: ['*'] },
  Action: action,
  Resource: resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** A list of one as AWS itself writes it, and as policies have it that were applied before there was a second value. */
export const oneOrAll = (values: TextList): string | TextList =>
  'length' in values && values.length === 1 ? (values[0] ?? '') : values;

const isConditional = (statement: PolicyStatement | StatementWhere): statement is StatementWhere =>
  'where' in statement;

/** After what may be there or not. */
function comma(before: readonly (PolicyStatement | StatementWhere)[]): string {
  if (before.length === 0) return '';
  if (!before.every(isConditional)) return ',';
  return onlyWhere(before.map(({ where }) => where).join(' || '), ',');
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings#directives */
const onlyWhere = (condition: string, text: string): string => `%{ if ${condition} }${text}%{ endif }`;
