import { Command, InvalidArgumentError } from 'commander';

import { SECOND, type Milliseconds } from '../../contract/instant';
import { functionName, logGroupName } from '../../contract/names';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { describeCommand } from '../help';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import { concurrently } from '../concurrently';
import { mayBeInterrupted } from '../interruption';
import { READ_JOURNALS, READ_USERS, SECRETS } from '../policy/permission';
import { print, printJson, tell } from '../print';
import { createFailedSteps } from '../rotate/failed-steps';
import { rotationDocument, type RotationDocument, type RotationResult } from '../rotate/rotation-document';
import { rotateUser } from '../rotate/rotate-user';
import { openStack, requireUser, usersOf, usersOfOwner, type Stack } from '../stack';
import { waitOption } from '../wait-option';

interface Options extends StackOptions, JsonOption {
  readonly all?: boolean;
  readonly owner?: string;
  readonly wait: Milliseconds;
  readonly atATime: number;
}

/** Far below what IAM and Lambda allow, so that nobody else notices. */
const DEFAULT_AT_A_TIME = 5;
const MOST_AT_A_TIME = 50;

const HOW_IT_GOES_ON =
  'Rotations that have begun go on without this command: see them with `npx iam-key-rotation status`. No other one is begun.';

/** `rotate`: a rotation now, outside the schedule. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('rotate'))), {
    summary: 'rotate keys now, and follow it',
    description:
      'Ask Secrets Manager for a rotation now, and follow it until the new key is current. The replaced key stays usable for ' +
      'the overlap, as after every rotation. Many users are rotated some at a time.',
    examples: [
      { title: 'Rotate two users', text: 'iam-key-rotation rotate ci-deployer reports' },
      { title: 'Rotate all users of an owner', text: 'iam-key-rotation rotate --owner platform-team' },
    ],
    exitCodes: {
      0: 'all are rotated; with --wait 0, all have begun',
      1: 'some are not, or it failed, and stderr says why',
      130: 'it was stopped with Ctrl-C; what has begun goes on',
    },
    document: rotationDocument,
    permissions: [
      READ_USERS,
      READ_JOURNALS,
      {
        sid: 'Rotate',
        actions: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'],
        resources: [SECRETS],
      },
      // RotateSecret asks of its caller that it may invoke the function.
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
      {
        sid: 'InvokeRotationFunctions',
        actions: ['lambda:InvokeFunction'],
        resources: [`arn:{partition}:lambda:{region}:{account}:function:${functionName('{prefix}', '*')}`],
      },
      {
        sid: 'ReadLogs',
        actions: ['logs:FilterLogEvents'],
        resources: [
          `arn:{partition}:logs:{region}:{account}:log-group:${logGroupName(functionName('{prefix}', '*'))}:*`,
        ],
      },
    ],
  })
    .argument('[users...]', 'the names of users in rotation.yaml')
    .option('--all', 'rotate all users of the stack')
    .option('--owner <owner>', 'rotate the users of this owner')
    .addOption(waitOption())
    .option(
      '--at-a-time <number>',
      `how many rotations are under way at once, at most ${MOST_AT_A_TIME}`,
      toNumber,
      DEFAULT_AT_A_TIME,
    )
    .action(async (names: string[], options: Options) => {
      const stack = await openStack(options);
      const entries = chosen(await usersOf(stack), names, options, stack);
      const results = await mayBeInterrupted(HOW_IT_GOES_ON, () => rotateAll(stack, entries, options));
      const document: RotationDocument = {
        version: 1,
        stack: stack.prefix,
        region: stack.region,
        rotations: results,
      };
      if (options.json === true) printJson(document, 2);
      else for (const result of results) print(lineOf(result));
      const isDone = ({ outcome }: RotationResult): boolean =>
        outcome === 'rotated' || (options.wait === 0 && outcome === 'notFinished');
      if (!results.every(isDone)) process.exitCode = 1;
    });
}

/** @throws Error where nobody, or somebody who does not exist, is named */
function chosen(
  entries: readonly TableEntry[],
  names: readonly string[],
  { all = false, owner }: Options,
  stack: Stack,
): readonly TableEntry[] {
  const ways = [names.length > 0, all, owner !== undefined].filter(Boolean).length;
  if (ways !== 1) {
    throw new Error(
      'Say whom to rotate in one way: by the names of users, with --owner, or with --all. Nothing was rotated.',
    );
  }
  if (all) return entries;
  if (owner === undefined) return [...new Set(names)].map((name) => requireUser(entries, name, stack));
  return usersOfOwner(entries, owner, stack);
}

function rotateAll(
  stack: Stack,
  entries: readonly TableEntry[],
  { wait, atATime }: Options,
): Promise<RotationResult[]> {
  const onStep = (user: string, what: string, after: Milliseconds): void =>
    tell(`${`${(after / SECOND).toFixed(1)} s`.padStart(8)}  ${user}: ${what}`);
  const options = { wait, onStep, readFailedStep: createFailedSteps(stack) };
  return concurrently(entries, atATime, (entry) => rotateUser(stack, entry, options));
}

const OUTCOMES: Readonly<Record<Exclude<RotationResult['outcome'], 'rotated'>, string>> = {
  deferred: 'deferred',
  failed: 'a step failed, and Secrets Manager tries again by itself',
  notFinished: 'not finished',
  notStarted: 'not started',
  unknown: 'not followed, and it may have begun',
};

function lineOf({ user, outcome, why, keyId, replacedKeyId }: RotationResult): string {
  if (outcome !== 'rotated') return `${user}: ${OUTCOMES[outcome]}. ${why ?? ''}`;
  const replaced =
    replacedKeyId === undefined ? '' : `; ${replacedKeyId} stays usable for the overlap and is then retired`;
  return `${user}: ${keyId ?? ''} is current${replaced}.`;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_AT_A_TIME) return number;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST_AT_A_TIME}.`);
}
