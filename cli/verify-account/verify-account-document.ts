import * as z from 'zod';

const assumption = z.strictObject({
  id: z.string().describe('in kebab case; it stays the same from version to version'),
  sentence: z.string().describe('what is assumed of AWS'),
  verdict: z
    .enum(['holds', 'does not hold', 'failed', 'not tried'])
    .describe('what became of it; `failed`: the check could not be brought to its end, so nothing is known'),
  seen: z.string().describe('what was seen, or why it could not be tried'),
  restsOnIt: z.string().describe('what in the product rests on it'),
  source: z.string().describe('the page of the docs with what is known about it'),
  seconds: z.number().int().min(0).describe('how long it took; 0 for what the command does not try'),
});

/** What `verify-account --json` prints. */
export const verifyAccountDocument = z.strictObject({
  version: z.literal(1).describe('of this document'),
  accountId: z.string().describe('the account in which it was tried'),
  region: z.string().describe('the region in which it was tried'),
  began: z.iso.datetime().describe('when'),
  left: z
    .array(
      z.strictObject({
        kind: z.string().describe('such as `user`'),
        name: z.string().describe('its name in AWS'),
      }),
    )
    .describe('what could not be removed'),
  assumptions: z.array(assumption).describe('one for each assumption'),
});

export type VerifyAccountDocument = z.infer<typeof verifyAccountDocument>;
