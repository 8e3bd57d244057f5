import * as z from 'zod';

import type { Expected } from './expected';
import type { Outcome } from './run-checks';

const finding = z.strictObject({
  severity: z
    .enum(['problem', 'warning'])
    .describe(
      '`problem`: rotation, retirement or messages do not work. `warning`: they do, and may not for long.',
    ),
  subject: z.string().describe('What it is about: a name on AWS, an ARN, or a tool.'),
  found: z.string().describe('What was found, in words.'),
  remedy: z.string().describe('What to do, in words.'),
});

const check = z.strictObject({
  name: z.string().describe('Of the check.'),
  looksAt: z.string().describe('What it looks at, in words.'),
  outcome: z
    .enum(['fine', 'found', 'couldNotLook'])
    .describe(
      '`couldNotLook`: AWS did not answer, or not everything, so nobody knows whether there is anything more to find.',
    ),
  reason: z.string().optional().describe('Why it could not look.'),
  findings: z
    .array(finding)
    .describe('Empty where the outcome is `fine`. Where it is `couldNotLook`, what was found nevertheless.'),
});

/** What `doctor --json` prints. */
export const doctorDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  at: z.iso.datetime().describe('When it was looked at.'),
  beforeApply: z.boolean().describe('Whether it was looked at what is needed before anything is made.'),
  folder: z.string().optional().describe('Of the synthesized stack; absent with `--state`.'),
  states: z
    .array(z.string())
    .optional()
    .describe('The states that hold the stack, as `--state` named them; absent without it.'),
  accountId: z.string().describe('The account that the stack belongs to.'),
  region: z.string().describe('Where the stack is.'),
  prefix: z.string().describe("The stack's prefix."),
  checks: z.array(check).describe('All checks, in a fixed order.'),
});

export type DoctorDocument = z.output<typeof doctorDocument>;

export interface DocumentFacts {
  readonly at: Date;
  readonly beforeApply: boolean;
  readonly expected: Pick<Expected, 'source' | 'accountId' | 'region' | 'prefix'>;
  readonly outcomes: readonly Outcome[];
}

export const makeDocument = ({ at, beforeApply, expected, outcomes }: DocumentFacts): DoctorDocument => ({
  version: 1,
  at: at.toISOString(),
  beforeApply,
  ...('folder' in expected.source ? expected.source : { states: [...expected.source.states] }),
  accountId: expected.accountId,
  region: expected.region,
  prefix: expected.prefix,
  checks: outcomes.map(({ check: { name, looksAt }, findings, couldNotLook }) => ({
    ...{ name, looksAt, outcome: outcomeOf(findings.length, couldNotLook) },
    ...(couldNotLook === undefined ? {} : { reason: couldNotLook }),
    findings: [...findings],
  })),
});

function outcomeOf(findings: number, couldNotLook: string | undefined): 'fine' | 'found' | 'couldNotLook' {
  if (couldNotLook !== undefined) return 'couldNotLook';
  return findings > 0 ? 'found' : 'fine';
}
