import * as z from 'zod';

import { ADVICE, VERDICTS } from './verdict';
import type { GivenState } from './take-over';
import { keysIn } from './state-file';
import type { Step } from './steps';
import type { Finding, Survey } from './survey';

const moment = z.iso.datetime();

const key = z.strictObject({
  userName: z.string().describe("The IAM user's name."),
  path: z.string().describe("The IAM user's path."),
  accessKeyId: z.string().describe('The id of the key.'),
  status: z.enum(['Active', 'Inactive', 'Unknown']).describe('What IAM says of it.'),
  createdAt: moment.describe('When it was made.'),
  lastUsedAt: moment.optional().describe('When it was used last. Absent: IAM knows of no use.'),
  lastUsedService: z.string().optional().describe('For which service.'),
  lastUsedRegion: z.string().optional().describe('In which region.'),
  verdict: z.enum(VERDICTS).describe('What is to become of it.'),
  certainty: z
    .enum(['fact', 'guess'])
    .describe('`fact`: what AWS says leaves no other verdict. `guess`: names and user agents suggest it.'),
  advice: z.string().describe('What to do.'),
  evidence: z.array(z.string()).min(1).describe('Sentences; the first one is why.'),
  stack: z.string().optional().describe('The stack that rotates the user already.'),
  stableKey: z.string().optional().describe("The user's name in rotation.yaml, there."),
  ownedBy: z.string().optional().describe('The address of the key in a state that was given with --state.'),
});

const step = z.strictObject({
  where: z.enum(['account', 'otherTerraform', 'here', 'applications']).describe('Where it is done.'),
  title: z.string().describe('What it is.'),
  text: z.array(z.string()).describe('How it is done.'),
  hcl: z.string().optional().describe('HCL to write there.'),
  commands: z.array(z.string()).optional().describe('Commands to run there, in this order.'),
});

/** What `adopt --json` prints. */
export const adoptDocumentSchema = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  at: moment.describe('The time of AWS.'),
  accountId: z.string().describe('The account.'),
  users: z.int().nonnegative().describe('How many IAM users were looked at.'),
  reportedAt: moment
    .optional()
    .describe(
      'Of when the credential report is. Absent: it could not be read, and every user was asked for.',
    ),
  unusedForDays: z.number().describe('A key that was not used for so long counts as unused.'),
  counts: z.partialRecord(z.enum(VERDICTS), z.int().positive()).describe('How many keys have which verdict.'),
  notes: z.array(z.string()).describe('What else a person should know.'),
  keys: z.array(key).describe('The keys that were chosen, the most urgent first.'),
  written: z
    .strictObject({
      file: z.string().describe('The file.'),
      stableKeys: z.array(z.string()).describe('Whose entries were written.'),
    })
    .optional()
    .describe('What --write or --take-over wrote.'),
  steps: z.array(step).optional().describe('What comes next, in this order.'),
});

export type AdoptDocument = z.output<typeof adoptDocumentSchema>;

export interface Result {
  readonly survey: Survey;
  /** Those that were chosen. */
  readonly findings: readonly Finding[];
  readonly at: number;
  readonly unusedForDays: number;
  readonly states: readonly GivenState[];
  readonly written?: { readonly file: string; readonly stableKeys: readonly string[] } | undefined;
  readonly steps?: readonly Step[] | undefined;
}

export function adoptDocument({
  survey,
  findings,
  at,
  unusedForDays,
  states,
  written,
  steps,
}: Result): AdoptDocument {
  const owned = keysIn(states.map(({ state }) => state));
  return {
    version: 1,
    at: iso(at),
    accountId: survey.accountId,
    users: survey.users,
    ...(survey.reportedAt === undefined ? {} : { reportedAt: iso(survey.reportedAt) }),
    unusedForDays,
    counts: countsOf(findings),
    notes: [...survey.notes],
    keys: findings.map((finding) => keyDocument(finding, owned.get(finding.key.id)?.address)),
    ...(written === undefined ? {} : { written: { ...written, stableKeys: [...written.stableKeys] } }),
    ...(steps === undefined ? {} : { steps: steps.map(stepDocument) }),
  };
}

export const countsOf = (findings: readonly Finding[]): AdoptDocument['counts'] =>
  Object.fromEntries(
    VERDICTS.map((name) => [name, findings.filter(({ verdict }) => verdict === name).length] as const).filter(
      ([, count]) => count > 0,
    ),
  );

function keyDocument(
  { user, key: { id, status, createdAt }, lastUse, verdict, certainty, evidence }: Finding,
  ownedBy: string | undefined,
): AdoptDocument['keys'][number] {
  return {
    ...{ userName: user.userName, path: user.path, accessKeyId: id, status, createdAt: iso(createdAt) },
    ...(lastUse === undefined
      ? {}
      : { lastUsedAt: iso(lastUse.at), lastUsedService: lastUse.service, lastUsedRegion: lastUse.region }),
    ...{ verdict, certainty, advice: ADVICE[verdict], evidence: [...evidence] },
    ...(user.rotation === undefined
      ? {}
      : { stack: user.rotation.stack, stableKey: user.rotation.stableKey }),
    ...(ownedBy === undefined ? {} : { ownedBy }),
  };
}

const stepDocument = ({ text, commands, ...step }: Step): NonNullable<AdoptDocument['steps']>[number] => ({
  ...step,
  text: [...text],
  ...(commands === undefined ? {} : { commands: [...commands] }),
});

const iso = (at: number): string => new Date(at).toISOString();
