import { Command } from 'commander';

import { visible } from '../../contract/visible';
import { findLosses, type Loss } from '../check-plan/find-losses';
import { readPlan } from '../check-plan/read-plan';
import { summary } from '../check-plan/summary';
import { describeCommand } from '../help';
import { print, tell } from '../print';
import { inSingleQuotes } from '../shell-word';

interface Options {
  readonly allow?: readonly string[];
}

/** `check-plan`: for pipelines, between plan and apply. */
export function newCommand(): Command {
  return describeCommand(new Command('check-plan'), {
    summary: 'fail if a plan loses what cannot be brought back',
    description:
      'Fail if a plan would destroy, replace or deactivate what cannot be brought back (users, access keys, secrets, tables, KMS keys …), or did not find it, and that was not allowed by its address.',
    examples: [
      {
        title: 'Between plan and apply',
        text: 'terraform show -json tfplan | iam-key-rotation check-plan -',
      },
      {
        title: 'Allow a user to go, after its `decommission: true` was applied',
        text: 'iam-key-rotation check-plan plan.json --allow aws_iam_user.ci-deployer',
      },
    ],
    exitCodes: {
      0: 'the plan loses nothing that was not allowed',
      1: 'the plan is refused, or cannot be read; stderr says why',
    },
  })
    .argument('<file>', 'what `terraform show -json <plan>` printed; `-` reads standard input')
    .option(
      '--allow <address>',
      'what may be lost, such as aws_iam_user.ci-deployer; may be given more than once',
      (address: string, before: readonly string[] | undefined) => [...(before ?? []), address],
    )
    .action((file: string, { allow = [] }: Options) => {
      const plan = readPlan(file);
      for (const line of summary(plan)) print(visible(line));
      const { refused, allowed, unused } = findLosses(plan, allow);
      for (const address of unused) {
        tell(`--allow ${address}: the plan loses nothing at that address.`);
      }
      if (refused.length > 0) throw new Error(refusal(refused));
      for (const loss of allowed) print(`Allowed: ${lineOf(loss)}`);
      print(`${file}: nothing irreplaceable is lost${allowed.length > 0 ? ' but what was allowed' : ''}.`);
    });
}

const refusal = (losses: readonly Loss[]): string =>
  [
    'The plan is refused: it would destroy what cannot be brought back, or does not know where it is.',
    ...losses.map((loss) => `  ${lineOf(loss)}`),
    ...(losses.some(({ kind }) => kind === 'gone') ? [NOT_FOUND] : []),
    'To remove a user, first apply its `decommission: true`. If you then want to lose these, allow each address:',
    `  ${losses.map(({ address }) => `--allow ${inSingleQuotes(visible(address))}`).join(' ')}`,
    'If nobody removed a user or changed a name, the upgrade or the stack is wrong: do not apply the plan.',
  ].join('\n');

const NOT_FOUND =
  'What was not found may be in another place: compare the account, the region and the prefix with those of the last ' +
  'apply. An apply in a wrong place forgets in the state what it does not find.';

const lineOf = ({ address, kind, what, reason }: Loss): string =>
  visible(`${address} ${HAPPENING[kind]}${reason === undefined ? '' : ` (${reason})`}: ${what}`);

const HAPPENING: Readonly<Record<Loss['kind'], string>> = {
  destroyed: 'would be destroyed',
  replaced: 'would be replaced',
  deactivated: 'would be deactivated',
  gone: 'was not found, so Terraform takes it for destroyed',
  renamed: 'was renamed or deleted by hand, and would be made a second time',
};
