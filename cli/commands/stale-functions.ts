import { Command } from 'commander';

import { readPlan } from '../check-plan/read-plan';
import { replacementOf, staleFunctions } from '../check-plan/stale-functions';
import { describeCommand } from '../help';
import { print } from '../print';

/** `stale-functions`: for pipelines, which plan again with `-replace` for each line. */
export function newCommand(): Command {
  return describeCommand(new Command('stale-functions'), {
    summary: 'print the functions that a plan leaves with old code',
    description:
      'Print the address of each function that runs other code than the configuration has and that the plan does not ' +
      'replace, and of what AWS deletes together with it (who may invoke it, where its failed runs go).',
    examples: [
      {
        title: 'Before a plan with -replace for each line',
        text: 'terraform show -json tfplan | iam-key-rotation stale-functions -',
      },
    ],
    exitCodes: { 0: 'the addresses are printed; there may be none' },
  })
    .argument('<file>', 'what `terraform show -json <plan>` printed; `-` reads standard input')
    .action((file: string) => {
      const plan = readPlan(file);
      for (const address of replacementOf(staleFunctions(plan), plan)) print(address);
    });
}
