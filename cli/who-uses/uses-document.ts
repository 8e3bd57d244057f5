import * as z from 'zod';

/* What `who-uses --json` prints. */

const moment = z.iso.datetime();

const group = z.strictObject({
  principal: z.string().describe('ARN of who called, as CloudTrail names it.'),
  sourceAddress: z.string().describe('From where; the name of an AWS service where one called on behalf.'),
  userAgent: z.string().describe('What program called.'),
  service: z.string().describe('Which service was called, such as `s3.amazonaws.com`.'),
  actions: z.array(z.string()).describe('What was called, in alphabetical order.'),
  calls: z.number().int().describe('How many calls.'),
  failed: z.number().int().describe('How many of them AWS answered with an error.'),
  first: moment.describe('The first one in the period.'),
  last: moment.describe('The last one.'),
});

const key = z.strictObject({
  id: z.string().describe('Id of the access key.'),
  role: z
    .enum(['current', 'previous', 'attempt', 'unclear', 'unmanaged'])
    .optional()
    .describe('What it is to the user, as in `status`; absent where the key is of no user of the stack.'),
  lastUsed: z
    .strictObject({
      at: moment.describe('When.'),
      service: z.string().describe('For which service.'),
      region: z.string().describe('In which region.'),
    })
    .optional()
    .describe('The last use that IAM knows of, of any kind and in any region.'),
  uses: z.array(group).describe('The most recent first.'),
});

export const usesDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  since: moment.describe('Begin of the period.'),
  until: moment.describe('Its end.'),
  regions: z.array(z.string()).describe('The regions whose event history was read.'),
  keys: z.array(key).describe('One for each key.'),
  notSeen: z.array(z.string()).describe('What cannot be seen in this way, in sentences.'),
});

export type UsesDocument = z.output<typeof usesDocument>;
export type KeyUses = UsesDocument['keys'][number];
export type UseGroup = KeyUses['uses'][number];
