import * as z from 'zod';

const assumption = z.strictObject({
  id: z.string().describe('In kebab case; it stays the same from version to version.'),
  sentence: z.string().describe('What is assumed of AWS.'),
  verdict: z
    .enum(['holds', 'does not hold', 'failed', 'not tried'])
    .describe('What became of it; `failed`: the check could not be brought to its end, so nothing is known.'),
  seen: z.string().describe('What was seen, or why it could not be tried.'),
  restsOnIt: z.string().describe('What in the product rests on it.'),
  source: z.string().describe('The page of the docs with what is known about it.'),
  seconds: z.number().int().min(0).describe('How long it took; 0 for what the command does not try.'),
});

/** What `verify-account --json` prints. */
export const verifyAccountDocument = z.strictObject({
  version: z.literal(1).describe('Of this document.'),
  accountId: z.string().describe('The account in which it was tried.'),
  region: z.string().describe('The region in which it was tried.'),
  began: z.iso.datetime().describe('When.'),
  left: z
    .array(
      z.strictObject({
        kind: z.string().describe('Such as `user`.'),
        name: z.string().describe('Its name in AWS.'),
      }),
    )
    .describe('What could not be removed.'),
  assumptions: z.array(assumption).describe('One for each assumption.'),
});

export type VerifyAccountDocument = z.infer<typeof verifyAccountDocument>;
