import { Command, InvalidArgumentError } from 'commander';

import { replaceLeakedKey } from '../../handlers/core/operator/replace-leaked-key';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import type { Choice } from '../emergency/choice';
import { requireAgreement } from '../emergency/confirm';
import { emergencyDocument } from '../emergency/emergency-document';
import { reportText } from '../emergency/emergency-text';
import { DEFAULT_AT_A_TIME } from '../emergency/replace-all';
import { replaceMany } from '../emergency/replace-many';
import { describeCommand } from '../help';
import { CHANGE_KEYS, IAM_USERS, READ_USERS, SECRETS } from '../policy/permission';
import { print, printJson } from '../print';
import { openStack } from '../stack';
import { namesIn } from './names-option';
import { accessKeyId, forUser, notEmpty, userOption, WAITS_FOR_LEASE } from './user-options';

interface Options extends StackOptions, JsonOption {
  readonly user?: string;
  readonly leaked?: string;
  readonly giveWay?: string;
  readonly all?: boolean;
  readonly owner?: string;
  readonly users?: readonly string[];
  readonly yes?: boolean;
  readonly expect?: number;
  readonly new?: boolean;
  readonly atATime?: number;
}

/** More would only be throttled: each user takes some ten IAM calls in as many seconds, and IAM allows an account few. */
const MOST_AT_A_TIME = 50;

const HOW_TO_GO_ON = `Run the same command again: it goes on with this emergency, and replaces no key twice. ${WAITS_FOR_LEASE}`;

/** `emergency`: replaces a leaked key, or every key of many users, at once. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('emergency'))), {
    summary: 'replace a leaked key, or all keys, at once',
    description:
      'Replace a leaked key: make a new one, prove it, make it current, then deactivate and delete the leaked one at once, ' +
      'without overlap or grace period. A leaked key that is not the current one is only deactivated. With --all, --owner or ' +
      '--users every key that these users have now may have leaked: a plan is shown, and after its number of users is confirmed, ' +
      'each gets a new key, and the keys before it are made Inactive and kept for the grace period. Stopped at any point, the ' +
      'same command goes on and replaces no key twice, within a day of its beginning and as long as something is left to do. --json is ' +
      'for many users.',
    examples: [
      {
        title: 'Replace a key that was found in a repository',
        text: 'iam-key-rotation emergency --user ci-deployer --leaked AKIAIOSFODNN7EXAMPLE',
      },
      {
        title: 'The same where both slots are taken, and the other key may be deleted for good',
        text: 'iam-key-rotation emergency --user ci-deployer --leaked AKIAIOSFODNN7EXAMPLE --give-way AKIAI44QH8DHBEXAMPLE',
      },
      {
        title: 'Replace every key of the stack, after a look at the plan',
        text: 'iam-key-rotation emergency --all',
      },
      {
        title: 'The same for the users of one owner where nobody can be asked, if they are 12',
        text: 'iam-key-rotation emergency --owner platform-team --yes --expect 12',
      },
    ],
    exitCodes: {
      0: 'it is done; of many users, none has a key that was there before',
      1: 'it failed, or keys of some users are not replaced; the report or stderr says why',
      130: 'it was stopped with Ctrl-C; the same command goes on',
    },
    document: emergencyDocument,
    permissions: [
      READ_USERS,
      ...CHANGE_KEYS,
      { sid: 'ChangeSecrets', actions: ['secretsmanager:PutSecretValue'], resources: [SECRETS] },
      {
        sid: 'ChangeKeys',
        actions: ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:GetAccessKeyLastUsed'],
        resources: [IAM_USERS],
      },
    ],
  })
    .addOption(userOption())
    .option('--leaked <access key id>', 'with --user: the key that leaked', accessKeyId)
    .option(
      '--give-way <access key id>',
      'with --user, where both slots are taken: the other key, which is deleted for good to make room',
      accessKeyId,
    )
    .option('--all', 'replace the keys of all users of the stack')
    .option('--owner <owner>', 'replace the keys of the users of this owner', notEmpty)
    .option('--users <names>', 'replace the keys of these users, with commas between them', namesIn)
    .option('--yes', 'of many users: agree to the plan without being asked, with --expect')
    .option('--expect <number>', 'with --yes: the number of users that the plan is about', toNumber)
    .option(
      '--new',
      'of many users: begin a new emergency, although one of the same users is not over, or began less than a day ago',
    )
    .option(
      '--at-a-time <number>',
      `of many users: how many are worked on at once, at most ${MOST_AT_A_TIME}; without it ${DEFAULT_AT_A_TIME}`,
      toNumberAtATime,
    )
    .allowExcessArguments()
    .action(async (options: Options, { args }: Command) => {
      requireNoWords(args);
      const choice = choiceIn(options);
      await (choice === undefined ? replaceOne(options) : replaceThose(choice, options));
    });
}

/** Other commands take a user without `--user`: this one deletes keys, so each is named by an option. */
function requireNoWords(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new Error(`'${words.join(' ')}' stands there without an option. ${WHO_IS_MEANT}`);
}

/** @throws Error where it is not clear who is meant, or the options belong to different forms. */
function choiceIn({ user, leaked, giveWay, ...options }: Options): Choice | undefined {
  const { all = false, owner, users } = options;
  const choices: readonly Choice[] = [
    ...(all ? [{ all }] : []),
    ...(owner === undefined ? [] : [{ owner }]),
    ...(users === undefined ? [] : [{ users }]),
  ];
  const isOfOne = [user, leaked, giveWay].some((option) => option !== undefined);
  const [choice] = choices;
  if (choices.length + (isOfOne ? 1 : 0) !== 1) throw new Error(WHO_IS_MEANT);
  if (!isOfOne) return choice;
  const { yes, expect, new: anew, atATime, json } = options;
  const ofMany = { '--yes': yes, '--expect': expect, '--new': anew, '--at-a-time': atATime, '--json': json };
  const misplaced = Object.entries(ofMany).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (misplaced.length > 0) {
    throw new Error(
      `Only an emergency of many users (--all, --owner, --users) takes ${misplaced.join(', ')}, and --user, --leaked and ` +
        '--give-way are of one. Leave it out, or choose many. Nothing was changed.',
    );
  }
  return undefined;
}

const WHO_IS_MEANT =
  'Say in one way whose keys leaked: one key with --user <stable key> --leaked <access key id>; or every key of many users with ' +
  '--all, --owner or --users. Nothing was changed.';

async function replaceOne({ user, leaked, giveWay, ...options }: Options): Promise<void> {
  if (user === undefined || leaked === undefined) {
    throw new Error(
      `${user === undefined ? '--user' : '--leaked'} is missing: of one user, the leaked key is named, too: --user <stable key> ` +
        '--leaked <access key id>. Nothing was changed.',
    );
  }
  const { newKeyId, leakedKey } = await forUser({ ...options, user }, 'emergency', (ports, settings) =>
    replaceLeakedKey(ports, settings, { leakedKeyId: leaked, giveWayKeyId: giveWay }),
  );
  print(
    `${user}: leaked key ${leaked} is ${leakedKey}${newKeyId === undefined ? '' : `; ${newKeyId} is current`}.`,
  );
}

async function replaceThose(choice: Choice, options: Options): Promise<void> {
  const { yes = false, expect, new: anew = false, atATime = DEFAULT_AT_A_TIME, json } = options;
  requireAgreement({ yes, expect });
  const document = await replaceMany(
    await openStack(options),
    { choice, anew, yes, expect, atATime },
    HOW_TO_GO_ON,
  );
  if (json === true) printJson(document, 2);
  else for (const line of reportText(document)) print(line);
  if (document.users.some(({ outcome }) => outcome === 'notReplaced')) process.exitCode = 1;
}

function toNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 0 to 999999, in digits alone.');
}

function toNumberAtATime(text: string): number {
  const number = toNumber(text);
  if (number >= 1 && number <= MOST_AT_A_TIME) return number;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST_AT_A_TIME}.`);
}
