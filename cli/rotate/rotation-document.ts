import * as z from 'zod';

/* What `rotate --json` prints. */

const moment = z.iso.datetime();

const OUTCOMES = ['rotated', 'deferred', 'failed', 'notFinished', 'notStarted', 'unknown'] as const;

const rotation = z.strictObject({
  user: z.string().describe('The name of the user in rotation.yaml.'),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      '`rotated`: the new key is current. `deferred`: it is made later, by itself. `failed`: a step failed; Secrets Manager tries again. `notFinished`: it goes on, and was not waited for any longer. `notStarted`: nothing was done. `unknown`: it could not be followed, and may have begun.',
    ),
  why: z.string().optional().describe('In sentences, unless it was rotated.'),
  versionId: z.string().optional().describe('The version of the secret that gets the new key.'),
  keyId: z.string().optional().describe('Id of the new access key.'),
  replacedKeyId: z.string().optional().describe('Id of the key that was current before.'),
  steps: z
    .array(
      z.strictObject({
        at: moment.describe('When it was seen.'),
        what: z.string().describe('What happened.'),
      }),
    )
    .describe('In their order.'),
});

export const rotationDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  stack: z.string().describe("The stack's prefix."),
  region: z.string().describe('Where the stack is.'),
  rotations: z.array(rotation).describe('One for each user.'),
});

export type RotationDocument = z.output<typeof rotationDocument>;
export type RotationResult = RotationDocument['rotations'][number];
