import { CODE_CHECK_PREFIX } from '../../contract/code-check';
import type { Plan, PlannedAction } from './read-plan';

/**
 * The addresses of the functions that do not run the code of the configuration, and that the plan leaves as they are: an
 * update failed, and Terraform has written it down as done, or somebody replaced the code.
 */
export function staleFunctions({ changes, checks }: Pick<Plan, 'changes' | 'checks'>): readonly string[] {
  return checks
    .filter(({ name, status }) => status === 'fail' && name.startsWith(CODE_CHECK_PREFIX))
    .map(({ name, module }) =>
      [
        ...(module === undefined ? [] : [module]),
        'aws_lambda_function',
        name.slice(CODE_CHECK_PREFIX.length),
      ].join('.'),
    )
    .filter((address) => !changes.some((change) => change.address === address && replaces(change.actions)));
}

const replaces = (actions: readonly PlannedAction[]): boolean =>
  actions.includes('delete') || actions.includes('create');
