import { Command } from 'commander';

import { type AwsOptions, type JsonOption, withAwsOptions, withJson } from '../aws-options';
import type { Check } from '../doctor/check';
import { CHECKS, CHECKS_BEFORE_APPLY, EXAMINE } from '../doctor/checks';
import { doctorLines } from '../doctor/doctor-text';
import { doctorDocument, makeDocument } from '../doctor/doctor-document';
import { Expected } from '../doctor/expected';
import { openAccount } from '../doctor/open-account';
import { exitCodeOf, type Outcome, runChecks } from '../doctor/run-checks';
import { onlyStackFolder } from '../doctor/stack-folder';
import { describeCommand } from '../help';
import { print, printJson } from '../print';
import { withProgress } from '../progress';

interface Options extends AwsOptions, JsonOption {
  readonly beforeApply?: boolean;
}

/** `doctor`: what the configuration says against what the account has. */
export function newCommand(): Command {
  return describeCommand(withJson(withAwsOptions(new Command('doctor'))), {
    summary: 'compare a stack with its account, and say what is wrong',
    description:
      'Compare a synthesized stack with what the account has, and say what is wrong and what to do about it. Nothing is ' +
      'changed, and no secret is read. Synthesize the configuration as it was applied first: the stack says what should be there.',
    examples: [
      { title: 'See whether all is well', text: 'iam-key-rotation doctor cdktf.out/stacks/production' },
      {
        title: 'See what would stop the first apply, in seconds',
        text: 'iam-key-rotation doctor --before-apply cdktf.out/stacks/production',
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
    .action(async (folder: string | undefined, { beforeApply = false, json = false, ...aws }: Options) => {
      const checks = beforeApply ? CHECKS_BEFORE_APPLY : CHECKS;
      const expected = new Expected(folder ?? onlyStackFolder());
      const outcomes = await look(checks, expected, aws);
      const document = makeDocument({ at: new Date(), beforeApply, expected, outcomes });
      if (json) printJson(document, 2);
      else for (const line of doctorLines(document)) print(line);
      process.exitCode = exitCodeOf(outcomes);
    });
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
