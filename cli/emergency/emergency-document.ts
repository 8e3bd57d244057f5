import * as z from 'zod';

/* What `emergency --json` prints for many users. */

const OUTCOMES = ['replaced', 'replacedBefore', 'noKey', 'notReplaced'] as const;

const result = z.strictObject({
  user: z.string().describe('The name of the user in rotation.yaml.'),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      '`replaced`: a key that was made since the emergency began is current, and none that was there works. `replacedBefore`: that was so before this run. `noKey`: this product has made no key for it yet. `notReplaced`: a key that was there when the emergency began may still work.',
    ),
  keyId: z.string().optional().describe('Id of the key that is current now.'),
  replacedKeyId: z.string().optional().describe('Id of the key that was current before this run.'),
  stoppedKeyIds: z
    .array(z.string())
    .describe('Ids of the keys that this run made Inactive; one whose slot was needed is deleted.'),
  why: z.string().optional().describe('In sentences, where it is not replaced.'),
  whatToDo: z.string().optional().describe('In sentences, where it is not replaced.'),
});

export const emergencyDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  stack: z.string().describe("The stack's prefix."),
  region: z.string().describe('Where the stack is.'),
  since: z.iso
    .datetime()
    .describe('When the emergency began: every key of the users that was there then is to be replaced.'),
  planned: z
    .int()
    .describe('The number of users whose keys this emergency replaces in all, as it is confirmed.'),
  users: z.array(result).describe('One for each user.'),
});

export type EmergencyDocument = z.output<typeof emergencyDocument>;
export type EmergencyResult = EmergencyDocument['users'][number];
