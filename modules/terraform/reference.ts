import { ref, Token } from 'cdktf';

/** A whole value that only Terraform knows: `${var.retirement}`. For props of which CDKTF has no token: choices of texts. */
export type TerraformReference = `\${${string}}`;

/** What is as in `T`, or known to Terraform only. */
export type OrReference<T> = { readonly [Key in keyof T]: T[Key] | TerraformReference };

/** Whether something is: Terraform alone can tell. */
export interface TerraformCondition {
  /** An expression of Terraform: `length(var.deliver) > 0`. */
  readonly where: string;
}

/** @param address - of what has the value: `var.retirement` */
export const reference = (address: string): TerraformReference => `\${${address}}`;

/** @param address - of a list or set of texts */
export const listReference = (address: string): string[] => Token.asList(ref(address));
