import * as z from 'zod';

import { FINDING_KINDS, HOLD_CAUSES } from '../../contract/faults';

/* What `status --json` prints. Moments are ISO 8601, UTC; lengths are in seconds. What is not known is absent. */

const moment = z.iso.datetime();
const seconds = z.number().int();

const key = z.strictObject({
  id: z.string().describe('Id of the access key.'),
  role: z
    .enum(['current', 'previous', 'attempt', 'unclear', 'unmanaged'])
    .describe(
      '`current`: AWSCURRENT is on it. `previous`: it was current before. `attempt`: a rotation under way made it. `unclear`: it is so young that a rotation may just have made it. `unmanaged`: this product did not make it, and changes it only where `takeOver` names it.',
    ),
  status: z
    .enum(['Active', 'Inactive', 'Unknown', 'gone'])
    .optional()
    .describe('As IAM says. `gone`: IAM does not list it. Absent where IAM was not asked.'),
  createdAt: moment.optional().describe('When IAM made it.'),
  ageSeconds: seconds.optional().describe('How old it is.'),
  lastUsed: z
    .strictObject({
      at: moment.describe('When. AWS knows it some hours late.'),
      service: z.string().describe('For which service.'),
      region: z.string().describe('In which region.'),
    })
    .optional()
    .describe('Its last use, if AWS knows of one and was asked.'),
  phase: z
    .enum(['overlap', 'deactivating', 'deactivated', 'reactivating'])
    .optional()
    .describe('Of a previous key: how far its retirement is.'),
  replacedAt: moment.optional().describe('Of a previous key: when another one became current.'),
  deactivatedAt: moment.optional().describe('When the product deactivated it.'),
  leaked: z.boolean().optional().describe('Whether a person reported it as leaked.'),
  nextStep: z
    .strictObject({
      what: z
        .enum(['deactivate', 'delete', 'takeOver'])
        .describe('What the retirement function does with it next.'),
      at: moment.describe('From when on.'),
      waitsFor: z
        .literal('acknowledgement')
        .optional()
        .describe('What has to come first, whenever that is. Absent: nothing that is known.'),
    })
    .optional()
    .describe('Absent where nothing follows by itself.'),
  hold: z
    .strictObject({
      cause: z.enum(HOLD_CAUSES).describe('The fault because of which it is held.'),
      why: z.string().describe('In a sentence.'),
      since: moment
        .optional()
        .describe('Since when; absent where the retirement function has not seen it yet.'),
    })
    .optional()
    .describe('Its retirement is due and not done.'),
});

const target = z.strictObject({
  target: z.string().describe('Kind and name, such as `parameter /payments/aws-key`.'),
  isCurrent: z.boolean().describe('Whether it has the current key for certain.'),
  delivered: z
    .strictObject({
      keyId: z.string().describe('Id of the access key.'),
      at: moment.describe('When.'),
    })
    .optional()
    .describe('What it is known to have got last. Absent: nothing yet.'),
  restartingSince: moment
    .optional()
    .describe('Of a service: since when its tasks are being replaced, so that they read the current key.'),
  failing: z
    .strictObject({
      since: moment.describe('Since when.'),
      attempts: z.number().int().describe('How often it was tried.'),
      error: z.string().describe('What it answered last.'),
    })
    .optional()
    .describe('It refuses the current key, or does not answer.'),
});

const finding = z.strictObject({
  kind: z.enum(FINDING_KINDS).describe('The fault, as alarms, events and the runbook call it.'),
  severity: z.enum(['critical', 'warning']).describe('Of the fault.'),
  title: z.string().describe('Of the fault.'),
  what: z.string().describe('What was found, in a sentence.'),
  keyId: z.string().optional().describe('The access key that it is about.'),
  since: moment.optional().describe('When the retirement function saw it first.'),
  firstStep: z.string().describe('What to do first.'),
});

const user = z.strictObject({
  user: z.string().describe('The name of the user in rotation.yaml.'),
  userName: z.string().optional().describe("The IAM user's name."),
  owner: z.string().optional().describe('Who answers for the user.'),
  secretArn: z.string().optional().describe("The user's secret."),
  attention: z
    .enum(['critical', 'warning', 'none'])
    .describe('The worst of the findings: who has to be looked after first.'),
  maximumKeyAgeSeconds: seconds.optional().describe('How old an active key may become.'),
  rotation: z
    .strictObject({
      lastAt: moment.optional().describe('When the current key became current.'),
      nextAt: moment.optional().describe("Secrets Manager's next date. Absent: none, or it was not asked."),
      dueBy: moment.optional().describe('When the next rotation has begun at the latest.'),
      underWaySince: moment.optional().describe('A rotation is under way since then.'),
      wantedSince: moment
        .optional()
        .describe('A rotation waits since then for a free slot or the end of an exemption.'),
    })
    .describe('When the user was and is rotated.'),
  exemption: z
    .strictObject({ reason: z.string().describe('Why.'), until: moment.describe('Its end.') })
    .optional()
    .describe('The user is not rotated until then.'),
  asked: z
    .strictObject({
      keys: z.boolean().describe('Whether IAM listed the keys.'),
      secret: z.boolean().describe('Whether Secrets Manager described the secret.'),
    })
    .describe('What AWS was asked and answered: of the rest, what is absent is not known.'),
  keys: z.array(key).describe('Current, previous (newest first), under way, unmanaged.'),
  targets: z
    .array(target)
    .optional()
    .describe('Where every new key goes besides. Absent where the user has none, or AWS was not asked.'),
  findings: z.array(finding).describe('The worst first.'),
  history: z
    .array(z.strictObject({ at: moment.describe('When.'), what: z.string().describe('What happened.') }))
    .describe('What the journal still tells, oldest first.'),
});

export const statusDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  stack: z.string().describe("The stack's prefix."),
  region: z.string().describe('Where the stack is.'),
  at: moment.describe('When it was looked at.'),
  source: z
    .enum(['aws', 'table'])
    .describe(
      '`table`: with --quick; only what the table holds since the last run of the retirement function.',
    ),
  users: z.array(user).describe('Those that need attention first, then by name.'),
});

export type StatusDocument = z.output<typeof statusDocument>;
export type UserStatus = StatusDocument['users'][number];
export type KeyStatus = UserStatus['keys'][number];
export type TargetStatus = NonNullable<UserStatus['targets']>[number];
export type FindingStatus = UserStatus['findings'][number];
