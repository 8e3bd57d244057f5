import { jsonText, type TextList } from '../terraform/json-text';

/** One statement of an IAM policy, as JSON has it. */
export interface PolicyStatement {
  /** Letters and digits only. Says what the statement is for. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly AWS: TextList } | { readonly Service: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource?: string | TextList;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | TextList>>>>;
}

/**
 * The document as text. Not `jsonencode`, so that what is applied can be read in the synthesized file; strings in
 * it may hold Terraform references, since what we refer to (ARNs, names) never needs escaping in JSON.
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return jsonText({ Version: '2012-10-17', Statement: statements });
}
