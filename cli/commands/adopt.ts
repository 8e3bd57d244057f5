import { existsSync, readFileSync } from 'node:fs';

import { Command, InvalidArgumentError, Option } from 'commander';

import { DAY } from '../../contract/instant';
import { adoptDocument, adoptDocumentSchema, type Result } from '../adopt/adopt-document';
import type { Account, UserAccess } from '../adopt/account';
import { awsAccount } from '../adopt/aws-account';
import { ADOPT_PERMISSIONS } from '../adopt/permissions';
import {
  addTakeOver,
  chooseUsers,
  type ChosenUser,
  parseUsersFile,
  usersFile,
  usersIn,
} from '../adopt/entries';
import { keysIn, readState } from '../adopt/state-file';
import { applyTakeOver, migrationSteps, stepsText } from '../adopt/steps';
import { type Finding, survey, type Survey, type SurveyOptions } from '../adopt/survey';
import { findingsText } from '../adopt/table';
import { type GivenState, keysToTakeOver, statesToForget } from '../adopt/take-over';
import { type VerdictName, VERDICTS } from '../adopt/verdict';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import { describeCommand } from '../help';
import { requirePlaceFor } from '../place-of-file';
import { print, printJson, tell } from '../print';
import { withProgress } from '../progress';
import { openStack } from '../stack';
import { FileTakenError, writeWhole } from '../write-whole';
import { namesIn } from './names-option';

interface Options extends StackOptions, JsonOption {
  readonly unusedFor: number;
  readonly trail?: boolean;
  readonly users?: readonly string[];
  readonly verdict?: readonly VerdictName[];
  readonly write?: string;
  readonly overwrite?: boolean;
  readonly import?: boolean;
  readonly takeOver?: string;
  readonly state?: GivenStates;
}

/** Each `--state <file>`, and false for each `--no-state`: commander has them under one name. */
type GivenStates = readonly (string | false)[];

const DEFAULT_UNUSED_DAYS = 90;

/** `adopt`: which keys the account has, what is to become of each, and the way into `rotation.yaml`. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('adopt'))), {
    summary: 'find the keys that should be rotated, and bring their users here',
    description:
      'Look at every access key of the account and say what is to become of it, and why: delete, replace by a sign-in or ' +
      'a role, or rotate. Nothing in the account is changed. --write makes the entries for rotation.yaml and prints the ' +
      'steps that follow.',
    examples: [
      { title: 'See all keys of the account', text: 'iam-key-rotation adopt' },
      {
        title: 'Write the entry of a user whose key another Terraform made',
        text: 'terraform -chdir=../mail state pull | iam-key-rotation adopt --users mailer --write users/mailer.yaml --state -',
      },
      {
        title: 'Have the old keys retired, once no application uses them',
        text: 'iam-key-rotation adopt --take-over users/mailer.yaml --no-state',
      },
    ],
    exitCodes: {
      0: 'it is done, whatever the verdicts are',
      1: 'it failed, or nothing was written because the order was wrong, and stderr says why',
    },
    document: adoptDocumentSchema,
    permissions: ADOPT_PERMISSIONS,
  })
    .option(
      '--unused-for <days>',
      'a key that was not used for so long counts as unused',
      toDays,
      DEFAULT_UNUSED_DAYS,
    )
    .option(
      '--trail',
      "also read CloudTrail's event history of the region: it says more, and takes a second for each key",
    )
    .option('--users <names>', 'only these IAM users, separated by commas', namesIn)
    .option('--verdict <verdicts>', `only keys with these verdicts: ${VERDICTS.join(', ')}`, toVerdicts)
    .option(
      '--write <file>',
      'write the entries of the chosen users (without --users and --verdict: those whose verdict is rotate) into a new file, for `include`',
    )
    .option('--overwrite', 'with --write: replace the file if it is there')
    .option(
      '--import',
      'with --write: the users move into the state of this project; otherwise they stay with their owner',
    )
    .option(
      '--take-over <file>',
      'later, when the applications have moved: name the old keys of the users of that file in `takeOver`',
    )
    .option(
      '--state <file>',
      'the state of another Terraform configuration; `-` reads standard input. It holds secrets in clear text, which are neither kept nor printed. May be given more than once',
      (file: string, before?: GivenStates): GivenStates => [...(before ?? []), file],
    )
    .addOption(
      new Option('--no-state', 'no other Terraform made the keys')
        // commander parses no option without a value, and would let the last one of the two count.
        .preset('')
        .argParser((_, before?: GivenStates): GivenStates => [...(before ?? []), false]),
    )
    .action(adopt);
}

async function adopt(options: Options): Promise<void> {
  requireSense(options);
  if (options.write !== undefined) requirePlaceFor(options.write);
  if (options.write !== undefined && options.overwrite !== true && existsSync(options.write))
    throw alreadyThere(options.write);
  const given = filesOf(options);
  if (given.length > 0) {
    tell(
      'A state holds secret access keys in clear text. Leave no copy of it: terraform state pull | npx iam-key-rotation adopt --state -',
    );
  }
  const states = given.map((file): GivenState => ({ file, state: readState(file) }));
  const statesKnown = options.state !== undefined;

  const stack = await openStack(options);
  const account = awsAccount(stack);
  const at = stack.clock.now();
  const file = options.takeOver === undefined ? undefined : readUsersFile(options.takeOver);
  const only = options.users ?? (file === undefined ? undefined : [...file.users.values()]);
  const found = await surveyed(account, {
    rules: { now: at, unusedFor: options.unusedFor * DAY },
    prefix: options.prefix,
    trail: options.trail === true,
    isToTakeOver: file !== undefined,
    only: only === undefined ? undefined : new Set(only.map((name) => name.toLowerCase())),
  });
  const { verdict } = options;
  const findings = found.findings.filter((finding) => verdict?.includes(finding.verdict) ?? true);
  const result: Result = {
    ...{ survey: found, findings, at, unusedForDays: options.unusedFor, states },
    ...(options.write === undefined
      ? {}
      : await write(account, { ...options, write: options.write }, { found, findings, states, statesKnown })),
    ...(file === undefined ? {} : takeOver(file, found.findings, states)),
  };
  if (options.json === true) printJson(adoptDocument(result), 2);
  else printText(result);
}

function requireSense({ write, overwrite, import: moves, takeOver: file, state, verdict }: Options): void {
  if (write !== undefined && file !== undefined)
    throw new Error('--write is the beginning of a migration and --take-over its end: give one of them.');
  if (write === undefined && (overwrite === true || moves === true))
    throw new Error('--overwrite and --import belong to --write <file>, which was not given.');
  if (filesOf({ state }).length > 0 && state?.includes(false) === true) {
    throw new Error(
      '--no-state says that no other Terraform made the keys, and --state names one that did. Leave one of them out; of several users, choose with --users those that the state is about. Nothing was written.',
    );
  }
  if (file === undefined) return;
  if (verdict !== undefined)
    throw new Error('--take-over is about all users of the file: choose among them with --users.');
  if (state === undefined) {
    throw new Error(
      'Does another Terraform have these keys as aws_iam_access_key? It would activate them again, or make others, so --take-over needs an answer: --state <file> with its state, or --no-state. Nothing was written.',
    );
  }
}

const filesOf = ({ state = [] }: Pick<Options, 'state'>): readonly string[] =>
  state.filter((given) => given !== false);

const alreadyThere = (file: string): Error =>
  new Error(`${file} is there already, so nothing was written. Name another file, or give --overwrite.`);

const surveyed = (account: Account, options: SurveyOptions): Promise<Survey> =>
  withProgress('Users', (progress) =>
    survey(account, { ...options, onProgress: (done, of) => progress.at(done, of) }),
  );

interface ToWrite {
  readonly found: Survey;
  readonly findings: readonly Finding[];
  readonly states: readonly GivenState[];
  readonly statesKnown: boolean;
}

async function write(
  account: Account,
  options: Options & { readonly write: string },
  { found, findings, states, statesKnown }: ToWrite,
): Promise<Pick<Result, 'written' | 'steps'>> {
  const isChosen = options.users !== undefined || options.verdict !== undefined;
  const wanted = findings.filter(({ verdict }) => isChosen || verdict === 'rotate');
  const rotated = [...new Set(wanted.filter(isRotated).map(({ user }) => user.userName))];
  if (rotated.length > 0) tell(`Rotated already, and left alone: ${rotated.join(', ')}.`);
  const chosen = chooseUsers(
    wanted.filter((finding) => !isRotated(finding)),
    found.findings,
    { prefix: options.prefix, taken: found.stableKeys },
  );
  if (chosen.length === 0)
    throw new Error('No user was chosen, so nothing was written. Choose with --users or --verdict.');
  const access = options.import === true ? await accessOf(account, chosen) : undefined;
  const text = usersFile(await withTags(account, chosen), { file: options.write, access });
  writeEntries(options.write, text, options.overwrite === true);
  const names = chosen.map(({ user }) => user.userName);
  return {
    written: { file: options.write, stableKeys: chosen.map(({ stableKey }) => stableKey) },
    steps: migrationSteps({
      ...{ file: options.write, chosen, statesKnown, access },
      toForget: statesToForget(states, names, options.import === true),
    }),
  };
}

/** Somebody may have made the file since it was looked for. */
function writeEntries(file: string, text: string, replaces: boolean): void {
  try {
    writeWhole(file, text, { replaces });
  } catch (error) {
    throw error instanceof FileTakenError ? alreadyThere(file) : error;
  }
}

const isRotated = ({ verdict }: Finding): boolean => verdict === 'rotated';

/** Who answers for a user is in its tags, which are not asked for where a verdict needs none. */
async function withTags(account: Account, chosen: readonly ChosenUser[]): Promise<readonly ChosenUser[]> {
  const tagged: ChosenUser[] = [];
  for (const one of chosen) {
    const tags = one.user.tags ?? (await account.tags(one.user.userName));
    tagged.push({ ...one, user: { ...one.user, tags } });
  }
  return tagged;
}

async function accessOf(
  account: Account,
  chosen: readonly ChosenUser[],
): Promise<ReadonlyMap<string, UserAccess>> {
  const access = new Map<string, UserAccess>();
  for (const { user } of chosen) access.set(user.userName, await account.access(user.userName));
  return access;
}

interface UsersFile {
  readonly file: string;
  readonly text: string;
  readonly users: ReadonlyMap<string, string>;
}

function readUsersFile(file: string): UsersFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read. Name the file that adopt --write made.`, { cause: error });
  }
  return { file, text, users: usersIn(parseUsersFile(text), file) };
}

function takeOver(
  { file, text, users }: UsersFile,
  findings: readonly Finding[],
  states: readonly GivenState[],
): Pick<Result, 'written' | 'steps'> {
  const keys = keysToTakeOver(findings, [...users.values()], states);
  const after = addTakeOver({ file, text }, users, keys);
  if (after !== text) writeWhole(file, after, { replaces: true });
  const stableKeys = [...users].filter(([, userName]) => keys.has(userName)).map(([stableKey]) => stableKey);
  return { written: { file, stableKeys }, steps: keys.size === 0 ? [] : [applyTakeOver] };
}

function printText({ survey: found, findings, at, states, written, steps = [] }: Result): void {
  for (const line of findingsText(findings, at)) print(line);
  for (const [id, { address }] of keysIn(states.map(({ state }) => state)))
    if (findings.some(({ key }) => key.id === id)) print(`Owned by another Terraform: ${id}, ${address}.`);
  for (const note of found.notes) tell(note);
  if (written === undefined) return;
  if (written.stableKeys.length === 0) {
    print(`\n${written.file}: there is nothing to take over.`);
    return;
  }
  print(`\n${written.file}: ${written.stableKeys.join(', ')}. What comes next:\n`);
  print(stepsText(steps));
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new InvalidArgumentError('It is a whole number of days, from 1 to 3650.');
}

function toVerdicts(text: string): readonly VerdictName[] {
  const names = namesIn(text);
  const unknown = names.filter((name) => !VERDICTS.some((verdict) => verdict === name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`${unknown.join(', ')} is no verdict; they are ${VERDICTS.join(', ')}.`);
  return VERDICTS.filter((verdict) => names.includes(verdict));
}
