import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { Command } from 'commander';

import { type AwsOptions, withAwsOptions } from '../aws-options';
import { describeCommand } from '../help';
import { askAll, type Known, parts, type Said } from '../init/ask';
import { checkText, configurationText } from '../init/configuration-text';
import { lookAround, lookForUsers } from '../init/look-around';
import { onTerminal } from '../on-terminal';
import { requirePlaceFor } from '../place-of-file';
import { IAM_USERS } from '../policy/permission';
import { print, tell } from '../print';
import { FileTakenError, writeWhole } from '../write-whole';

interface Options extends AwsOptions {
  readonly account?: string;
  readonly emails?: readonly string[];
  readonly users?: readonly string[];
  readonly file: string;
  readonly yes?: boolean;
}

/** `init`: a first `rotation.yaml`. */
export function newCommand(): Command {
  return describeCommand(withAwsOptions(new Command('init')), {
    summary: 'write a first rotation.yaml, by asking',
    description:
      'Ask for account, region, recipients and first users, and write a configuration that synthesizes without a warning. ' +
      'AWS is only asked whose credentials are in use, and which of the users exist. A file that is there is never overwritten.',
    examples: [
      { title: 'Answer questions', text: 'iam-key-rotation init' },
      {
        title: 'Give all answers, as in a script',
        text: 'iam-key-rotation init --yes --account 111122223333 --region eu-west-1 --emails oncall@example.com --users ci-deployer,reports',
      },
    ],
    exitCodes: { 130: 'it was stopped with Ctrl-C, and nothing was written' },
    permissions: [{ sid: 'LookForUsers', actions: ['iam:GetUser'], resources: [IAM_USERS] }],
  })
    .option('--account <id>', 'the AWS account; without it that of the credentials in use')
    .option('--emails <addresses>', 'who is notified when something fails, with commas between them', parts)
    .option('--users <names>', 'the IAM users whose keys are rotated, with commas between them', parts)
    .option('--file <path>', 'the file to write', 'rotation.yaml')
    .option('--yes', 'ask nothing: take what the options and the credentials in use say')
    .action(async ({ account, file, yes = false, emails = [], users: names = [], ...aws }: Options) => {
      requirePlaceFor(file);
      if (existsSync(file)) throw new Error(alreadyThere(file));
      const surroundings = await lookAround(aws);
      const known = {
        accountId: account ?? surroundings?.accountId,
        region: aws.region ?? surroundings?.region,
        emails,
        users: names,
      };
      const said =
        yes || !process.stdin.isTTY
          ? requireAll(known)
          : await onTerminal('Nothing was written.', (ask) => askAll(ask, known));
      const users = await lookForUsers(said.users, said.accountId, surroundings);
      const text = configurationText({ ...said, users }, schemaBeside(file));
      for (const warning of checkText(file, text).warnings) tell(`Warning: ${warning.text}`);
      write(file, text);
      print(`${file} is written. Next: npm run synth, and npx iam-key-rotation doctor --before-apply`);
    });
}

/** @throws Error that names the options that are missing */
function requireAll({ accountId, region, emails, users }: Known): Said {
  const missing = [
    ...(accountId === undefined ? ['--account'] : []),
    ...(region === undefined ? ['--region'] : []),
    ...(emails.length === 0 ? ['--emails'] : []),
    ...(users.length === 0 ? ['--users'] : []),
  ];
  if (accountId === undefined || region === undefined || missing.length > 0) {
    throw new Error(`Nobody can be asked here. Give ${missing.join(', ')}. Nothing was written.`);
  }
  return { accountId, region, emails, users };
}

/** Of this project, or of the package; seen from the file, so only for one in this folder. */
function schemaBeside(file: string): string | undefined {
  if (dirname(file) !== '.') return undefined;
  return ['./rotation.schema.json', './node_modules/iam-key-rotation/rotation.schema.json'].find((path) =>
    existsSync(path),
  );
}

/** Made by this process or not at all: another one may have made the file since. */
function write(file: string, text: string): void {
  try {
    writeWhole(file, text, { replaces: false });
  } catch (error) {
    throw error instanceof FileTakenError ? new Error(alreadyThere(file)) : error;
  }
}

const alreadyThere = (file: string): string =>
  `${file} is there already, and is not overwritten. Name another file with --file, or change that one.`;
