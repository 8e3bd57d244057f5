import { Command } from 'commander';

import { readPlan } from '../check-plan/read-plan';
import { staleFunctions } from '../check-plan/stale-functions';
import { print } from '../print';

/** `stale-functions`: for pipelines, which plan again with `-replace` for each of them. */
export function staleFunctionsCommand(): Command {
  return new Command('stale-functions')
    .description(
      'Print the address of each function that runs other code than the configuration has and that the plan does not replace.',
    )
    .argument('<file>', 'what `terraform show -json <plan>` printed; `-` reads standard input')
    .action((file: string) => {
      for (const address of staleFunctions(readPlan(file))) print(address);
    });
}
