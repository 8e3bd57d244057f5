import type { Expected } from './expected';
import type { Account } from './account';

/** Something that is not as it should be. */
export interface Finding {
  /** `problem`: rotation, retirement or messages do not work. `warning`: it works, and may not for long. */
  readonly severity: 'problem' | 'warning';
  /** What it is about: a name on AWS, or an address in Terraform. */
  readonly subject: string;
  readonly found: string;
  /** What to do. */
  readonly remedy: string;
}

/** What a check looks with: the stack as it was synthesized or applied, and the account as it is. */
export interface Context {
  readonly expected: Expected;
  readonly account: Account;
}

/** A check could not look, or not at everything, for another reason than that AWS refused a call. */
export class CouldNotLookError extends Error {
  override readonly name = 'CouldNotLookError';

  constructor(
    message: string,
    /** What was found nevertheless. */
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
  }
}

/** One thing that is looked at. A new one is a file in `checks/` and a line in `checks.ts`. */
export interface Check {
  /** In kebab case; a part of the documents that are printed. */
  readonly name: string;
  /** What is looked at, in words. */
  readonly looksAt: string;
  /** The IAM actions that it calls: `service:Action`. */
  readonly permissions: readonly string[];
  /** @throws CouldNotLookError, or errors of the SDK: what AWS does not answer is not known, and is said so */
  run(context: Context): Promise<readonly Finding[]>;
}

export const problem = (subject: string, found: string, remedy: string): Finding => ({
  severity: 'problem',
  ...{ subject, found, remedy },
});

export const warning = (subject: string, found: string, remedy: string): Finding => ({
  severity: 'warning',
  ...{ subject, found, remedy },
});
