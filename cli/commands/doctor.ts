import { Command, Option } from 'commander';

import {
  type AwsOptions,
  type JsonOption,
  type StackOptions,
  withJson,
  withStackOptions,
} from '../aws-options';
import type { Check } from '../doctor/check';
import { CHECKS, CHECKS_BEFORE_APPLY, EXAMINE } from '../doctor/checks';
import { doctorLines } from '../doctor/doctor-text';
import { doctorDocument, makeDocument } from '../doctor/doctor-document';
import type { Wanted } from '../doctor/applied-stack';
import { type Expected, expectedOfFolder, expectedOfStates } from '../doctor/expected';
import { openAccount } from '../doctor/open-account';
import { exitCodeOf, type Outcome, runChecks } from '../doctor/run-checks';
import { onlyStackFolder } from '../doctor/stack-folder';
import { describeCommand } from '../help';
import { print, printJson } from '../print';
import { withProgress } from '../progress';

interface Options extends StackOptions, JsonOption {
  readonly beforeApply?: boolean;
  readonly state?: readonly string[];
}

/** `doctor`: what the configuration says against what the account has. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('doctor'))), {
    summary: 'compare a stack with its account, and say what is wrong',
    description:
      'Compare a stack with what the account has, and say what is wrong and what to do about it. Nothing is changed, and no ' +
      'secret is read. Synthesize the configuration as it was applied first: the stack says what should be there. A stack that ' +
      'is made with the Terraform modules has no such folder: --state reads its state, which says what was applied (of several ' +
      'stacks in it, --prefix names one); what its configuration says and was never applied, terraform plan shows.',
    examples: [
      { title: 'See whether all is well', text: 'iam-key-rotation doctor cdktf.out/stacks/production' },
      {
        title: 'See what would stop the first apply, in seconds',
        text: 'iam-key-rotation doctor --before-apply cdktf.out/stacks/production',
      },
      {
        title: 'See whether all is well with a stack of the Terraform modules',
        text: 'terraform show -json | iam-key-rotation doctor --state -',
      },
    ],
    exitCodes: {
      0: 'everything was looked at, and nothing was found',
      1: 'something was found, or the command failed',
      2: 'nothing was found, but not everything could be looked at',
    },
    document: doctorDocument,
    permissions: EXAMINE,
  })
    .argument(
      '[folder]',
      'the synthesized stack, such as cdktf.out/stacks/production; without it the only one there',
    )
    .option(
      '--before-apply',
      'look at what the first apply needs: tools, credentials, free names, room for keys, permissions, quotas',
    )
    .addOption(
      new Option(
        '--state <file>',
        'in place of the folder: what `terraform show -json` or `terraform state pull` prints; `-` reads standard input. May be given more than once, where users have states of their own',
      )
        .argParser((file: string, before?: readonly string[]) => [...(before ?? []), file])
        .conflicts('beforeApply'),
    )
    .action(async (folder: string | undefined, options: Options, command: Command) => {
      const { beforeApply = false, json = false, state, prefix: usual, ...aws } = options;
      // Folder and state say the prefix themselves; the usual one chooses nothing.
      const prefix = command.getOptionValueSource('prefix') === 'cli' ? usual : undefined;
      const checks = beforeApply ? CHECKS_BEFORE_APPLY : CHECKS;
      const expected = expectedOf(folder, { state, prefix, region: aws.region });
      const outcomes = await look(checks, expected, aws);
      const document = makeDocument({ at: new Date(), beforeApply, expected, outcomes });
      if (json) printJson(document, 2);
      else for (const line of doctorLines(document)) print(line);
      process.exitCode = exitCodeOf(outcomes);
    });
}

function expectedOf(
  folder: string | undefined,
  { state, ...wanted }: Pick<Options, 'state' | 'region'> & Wanted,
): Expected {
  if (state === undefined) {
    if (wanted.prefix === undefined) return expectedOfFolder(folder ?? onlyStackFolder());
    throw new Error('--prefix goes with --state, which is missing: a folder holds one stack.');
  }
  if (folder === undefined) return expectedOfStates(state, wanted);
  throw new Error(
    `--state and the folder ${folder} both say what should be there. Give the folder of a stack that is synthesized from rotation.yaml, or the state of one that the Terraform modules make.`,
  );
}

async function look(
  checks: readonly Check[],
  expected: Expected,
  aws: AwsOptions,
): Promise<readonly Outcome[]> {
  const account = await openAccount(expected, aws);
  return withProgress('Checks done', (progress) =>
    runChecks(checks, { expected, account }, (done) => progress.at(done, checks.length)),
  );
}
