import { Command } from 'commander';

import { findLosses, type Loss } from '../check-plan/find-losses';
import { readPlan } from '../check-plan/read-plan';

interface Options {
  readonly allow: readonly string[];
}

/** `check-plan`: for pipelines, between plan and apply. */
export function checkPlanCommand(): Command {
  return new Command('check-plan')
    .description(
      'Fail if a plan would destroy or replace an IAM user, a secret, a table or a KMS key that was not allowed by its address.',
    )
    .argument('<file>', 'what `terraform show -json <plan>` printed; `-` reads standard input')
    .option(
      '--allow <address>',
      'what may be destroyed or replaced, such as aws_iam_user.ci-deployer; may be given more than once',
      (address: string, before: readonly string[]) => [...before, address],
      [],
    )
    .action((file: string, { allow }: Options) => {
      const { changes } = readPlan(file);
      const { refused, allowed, unused } = findLosses(changes, allow);
      for (const address of unused) {
        process.stderr.write(`--allow ${address}: the plan destroys nothing at that address.\n`);
      }
      if (refused.length > 0) throw new Error(refusal(refused));
      for (const loss of allowed) process.stdout.write(`Allowed: ${lineOf(loss)}\n`);
      process.stdout.write(
        `${file}: nothing irreplaceable is lost${allowed.length > 0 ? ' but what was allowed' : ''}.\n`,
      );
    });
}

const refusal = (losses: readonly Loss[]): string =>
  [
    'The plan is refused: it would destroy what cannot be brought back.',
    ...losses.map((loss) => `  ${lineOf(loss)}`),
    'To remove a user, first apply its `decommission: true`. If you then want to lose these, allow each address:',
    `  ${losses.map(({ address }) => `--allow '${address}'`).join(' ')}`,
    'If nobody removed a user or changed a name, the upgrade or the stack is wrong: do not apply the plan.',
  ].join('\n');

const lineOf = ({ address, kind, what, reason }: Loss): string =>
  `${address} would be ${kind}${reason === undefined ? '' : ` (${reason})`}: ${what}`;
