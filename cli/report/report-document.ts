import * as z from 'zod';

import { FINDING_KINDS, HOLD_CAUSES } from '../../contract/faults';

/*
 * What `report --json` prints, and what the page and the CSV file are made of. Moments are ISO 8601, UTC; lengths are in
 * seconds. What is not known is absent.
 */

const moment = z.iso.datetime();
const seconds = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

const userName = z.string().describe('The name of the user in rotation.yaml.');

const user = z.strictObject({
  user: userName,
  userName: z.string().optional().describe("The IAM user's name."),
  owner: z.string().optional().describe('Who answers for the user.'),
  maximumKeyAgeSeconds: seconds.optional().describe('The policy: how old an active key may become.'),
  rotationIsScheduled: z
    .boolean()
    .optional()
    .describe('Whether Secrets Manager has a date for the next rotation. Absent: it could not be asked.'),
  lastRotatedAt: moment.optional().describe('When the current key became current, as the journal says.'),
  nextRotationAt: moment.optional().describe("Secrets Manager's next date."),
  keysSeen: z.boolean().describe("Whether IAM's list of the user's keys could be read."),
});

const key = z.strictObject({
  user: userName,
  keyId: z.string().describe('Id of the access key.'),
  role: z
    .enum(['current', 'previous', 'attempt', 'unclear', 'unmanaged'])
    .describe('What it is to the user, as in `status --json`.'),
  status: z.enum(['Active', 'Inactive', 'Unknown']).describe('As IAM says.'),
  createdAt: moment.describe('When IAM made it.'),
  ageSeconds: seconds.describe('How old it is.'),
  maximumAgeSeconds: seconds.optional().describe("The user's policy."),
  verdict: z
    .enum(['within', 'over', 'inactive', 'noPolicy'])
    .describe(
      '`within` or `over` the policy; `inactive`: nobody can use it, so the policy does not ask for its age; `noPolicy`: the settings of the user cannot be read.',
    ),
  lastUsedAt: moment.optional().describe('Its last use, if AWS knows of one.'),
});

const rotation = z.strictObject({
  user: userName,
  startedAt: moment.optional().describe('Absent: it began before the period, or its beginning was not seen.'),
  endedAt: moment.optional().describe('Absent: its end was not seen.'),
  result: z
    .enum(['succeeded', 'failed', 'abandoned', 'noEnd'])
    .describe('What Secrets Manager reported. `noEnd`: it began, and no end was seen.'),
  failures: count.describe('How many tries failed; Secrets Manager tries again by itself.'),
  why: z.string().optional().describe('What Secrets Manager gave as the reason of the last failure.'),
});

const keyAct = z.strictObject({
  at: moment.describe('When.'),
  user: userName,
  act: z.enum(['created', 'activated', 'deactivated', 'deleted']).describe('What was done to the key.'),
  keyId: z.string().optional().describe('Absent where the record does not name it.'),
  by: z.string().describe('The principal who did it.'),
  refused: z.string().optional().describe("Not done: AWS's error code."),
});

const journalEntry = z.strictObject({
  at: moment.describe('When.'),
  user: userName,
  what: z.string().describe('What the journal tells, in words.'),
});

const hold = z.strictObject({
  user: userName,
  keyId: z.string().describe('The key that is held.'),
  cause: z.enum(HOLD_CAUSES).describe('The fault because of which it is held.'),
  why: z.string().describe('In a sentence.'),
  since: moment.optional().describe('Absent where the retirement function has not seen it yet.'),
});

const exemption = z.strictObject({
  user: userName,
  owner: z.string().optional().describe('Who answers for the user.'),
  reason: z.string().describe('As the configuration gives it.'),
  until: moment.describe('Its end.'),
});

const reader = z.strictObject({
  principal: z.string().describe('Who read: a user, a role, a service, or another account.'),
  user: userName.describe("Whose secret. The user's name in rotation.yaml."),
  reads: count.describe('How often AWS answered.'),
  refused: count.describe('How often AWS refused.'),
  firstAt: moment.describe('The first time in the period.'),
  lastAt: moment.describe('The last time in the period.'),
  addresses: z.array(z.string()).describe('From where; ten at most.'),
  userAgents: z.array(z.string()).describe('With which programs; ten at most.'),
});

const fault = z.strictObject({
  user: userName,
  kind: z.enum(FINDING_KINDS).describe('As alarms, events and the runbook call it.'),
  severity: z.enum(['critical', 'warning']).describe('Of the fault.'),
  title: z.string().describe('Of the fault.'),
  what: z.string().describe('What was found.'),
  keyId: z.string().optional().describe('The key that it is about.'),
  since: moment.optional().describe('When the retirement function saw it first.'),
  endedAt: moment.optional().describe('When it was seen no more. Absent: it is open.'),
});

/** The parts of the report, by which a control names its evidence. */
export const SECTIONS = [
  'ages',
  'rotations',
  'acts',
  'journal',
  'holds',
  'exemptions',
  'reads',
  'faults',
  'controls',
  'unseen',
] as const;

const control = z.strictObject({
  framework: z.string().describe('Who asks, with the version.'),
  id: z.string().describe('Its number there.'),
  mappedBy: z.string().describe("Which control of AWS Security Hub maps to it, in AWS's own documentation."),
  asks: z.string().describe('What it asks, in our words.'),
  found: z.array(z.string()).describe('What was found. It is no claim that the control is met.'),
  evidence: z.array(z.enum(SECTIONS)).describe('In which parts of the report.'),
});

const unseen = z.strictObject({
  what: z.string().describe('What is not in the report.'),
  why: z.string().describe('Why not, and where it may be found.'),
  when: z
    .enum(['always', 'thisTime'])
    .describe('`always`: no report of this kind has it. `thisTime`: something stood in the way.'),
});

export const reportDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  stack: z.string().describe("The stack's prefix."),
  region: z.string().describe('Where the stack is.'),
  accountId: z.string().describe('Of which AWS account.'),
  madeAt: moment.describe('When the account was looked at.'),
  madeBy: z.string().describe('The principal whose credentials were used.'),
  product: z.string().describe('Name and version of the program.'),
  period: z
    .strictObject({ from: moment.describe('Its beginning.'), until: moment.describe('Its end.') })
    .describe('Of events. Keys, holds, exemptions and open faults are as at the moment of the report.'),
  numbers: z
    .strictObject({
      users: count.describe('Users of the stack.'),
      activeKeys: count.describe('Keys that IAM lists as Active.'),
      inactiveKeys: count.describe('Keys that IAM lists otherwise.'),
      overAge: count.describe('Active keys that are older than their policy.'),
      rotationsSucceeded: count.describe('In the period.'),
      rotationsFailed: count.describe('In the period, abandoned ones included.'),
      rotationsWithoutEnd: count.describe('In the period.'),
      keysCreated: count.describe('In the period.'),
      keysDeactivated: count.describe('In the period.'),
      keysDeleted: count.describe('In the period.'),
      holds: count.describe('Now.'),
      exemptions: count.describe('Now.'),
      reads: count.describe('That AWS answered, in the period.'),
      readsRefused: count.describe('That AWS refused, in the period.'),
      readers: count.describe('Different principals, in the period.'),
      faultsOpen: count.describe('Now.'),
      faultsEnded: count.describe('Of which the table still knows.'),
      unseen: count.describe('What stood in the way this time.'),
    })
    .describe('Counted from what follows.'),
  users: z.array(user).describe('By name.'),
  keys: z.array(key).describe('Those over their policy first, then the oldest.'),
  rotations: z.array(rotation).describe('The newest first.'),
  keyActs: z.array(keyAct).describe('The newest first.'),
  journal: z.array(journalEntry).describe('The newest first.'),
  holds: z.array(hold).describe('By user.'),
  exemptions: z.array(exemption).describe('The first to end first.'),
  reads: z.array(reader).describe('By user, then by principal.'),
  faults: z.array(fault).describe('Open ones first, the worst first.'),
  controls: z.array(control).describe("AWS's own mapping, with what was found."),
  unseen: z.array(unseen).describe('What could not be seen. None of it counts as fine.'),
});

export type ReportDocument = Readonly<z.output<typeof reportDocument>>;
export type ReportKey = ReportDocument['keys'][number];
export type ReportRotation = ReportDocument['rotations'][number];
export type ReportControl = ReportDocument['controls'][number];
export type Unseen = ReportDocument['unseen'][number];
export type Section = (typeof SECTIONS)[number];
