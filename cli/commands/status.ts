import { Command, InvalidArgumentError } from 'commander';

import { SECOND } from '../../contract/instant';
import { describeCommand } from '../help';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import { repeatLater } from '../credentials/watch';
import { LOOK_AT_USERS } from '../policy/permission';
import { clearScreen, print, printLargeJson } from '../print';
import { openStack, requireUser, usersOf, type Stack } from '../stack';
import { readStatus } from '../status/read-status';
import { statusDocument, type StatusDocument } from '../status/status-document';
import { statusLines, userLines } from '../status/status-text';
import { terminalLog } from '../terminal-log';

interface Options extends StackOptions, JsonOption {
  readonly quick?: boolean;
  readonly watch?: number | true;
}

const DEFAULT_WATCH_SECONDS = 30;

/** For each user three calls or more: sooner, IAM would have no rest. */
const SHORTEST_WATCH_SECONDS = 5;
const LONGEST_WATCH_SECONDS = 3600;

/** `status`: which keys there are, how old they are, what is held and why. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('status'))), {
    summary: 'show users, keys, their ages and what needs attention',
    description:
      'Show the users of a stack, their keys and ages, the next rotations, and what needs attention and why; or everything ' +
      'about one user. Nothing is changed. For each user AWS is asked with DescribeSecret, ListAccessKeys and ' +
      'GetAccessKeyLastUsed, within the rate that IAM allows: some users a second.',
    examples: [
      { title: 'See all users, those that need attention first', text: 'iam-key-rotation status' },
      { title: 'See everything about one user', text: 'iam-key-rotation status ci-deployer' },
      { title: 'Watch it', text: 'iam-key-rotation status --watch 10' },
    ],
    exitCodes: {
      0: 'nothing needs attention',
      1: 'something needs attention, or it failed, and stderr says why',
      130: 'it was stopped with Ctrl-C; with --watch, after the first look, that ends it with 0 or 1, as the last look was',
    },
    document: statusDocument,
    permissions: LOOK_AT_USERS,
  })
    .argument('[user]', 'the name of one user in rotation.yaml; without it all users')
    .option('--quick', 'show what the table holds since the last hourly run, without a call for each user')
    .option(
      '--watch [seconds]',
      `show it again and again; every ${DEFAULT_WATCH_SECONDS} seconds where no number is given`,
      toSeconds,
    )
    .action(async (user: string | undefined, options: Options) => {
      const stack = await openStack(options);
      const showNow = async (): Promise<void> => {
        const document = await look(stack, user, options);
        if (options.watch !== undefined && process.stdout.isTTY) clearScreen();
        // Before it is shown: that nobody reads it is a failure, too.
        process.exitCode = document.users.some(({ attention }) => attention !== 'none') ? 1 : 0;
        await show(document, user, options);
      };
      // A mistake of whoever called it, such as a wrong name, shows in the first look, and no later one mends it.
      await showNow();
      if (options.watch === undefined) return;
      // There is nothing to bring to its end: who reads no more, or stops it, wants no more.
      process.stdout.once('error', () => process.exit(1));
      const stop = (): void => process.exit();
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const every = (options.watch === true ? DEFAULT_WATCH_SECONDS : options.watch) * SECOND;
      await repeatLater(() => showNow().catch(asFailure), { every, log: terminalLog, until: NEVER });
    });
}

const NEVER = new AbortController().signal;

/** What a look that failed would have shown is not known, so it counts as what needs attention. */
function asFailure(error: unknown): never {
  process.exitCode = 1;
  throw error;
}

async function look(
  stack: Stack,
  user: string | undefined,
  { quick = false }: Options,
): Promise<StatusDocument> {
  const all = await usersOf(stack);
  const entries = user === undefined ? all : [requireUser(all, user, stack)];
  return readStatus(stack, entries, { askAws: !quick });
}

async function show(
  document: StatusDocument,
  user: string | undefined,
  { json = false }: Options,
): Promise<void> {
  if (json) {
    await printLargeJson(document, 2);
    return;
  }
  const [only] = document.users;
  const lines = user === undefined || only === undefined ? statusLines(document) : userLines(only, document);
  for (const line of lines) print(line);
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= SHORTEST_WATCH_SECONDS && seconds <= LONGEST_WATCH_SECONDS)
    return seconds;
  throw new InvalidArgumentError(
    `It is a whole number of seconds from ${SHORTEST_WATCH_SECONDS} to ${LONGEST_WATCH_SECONDS}.`,
  );
}
