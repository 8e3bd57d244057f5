import { CODE_CHECK_PREFIX } from '../../contract/code-check';
import type { Plan, PlannedAction, PlannedChange } from './read-plan';

/**
 * The addresses of the functions that do not run the code of the configuration, and that the plan leaves as they are: an
 * update failed, and Terraform has written it down as done, or somebody replaced the code.
 */
export function staleFunctions({ changes, checks }: Pick<Plan, 'changes' | 'checks'>): readonly string[] {
  return (
    checks
      .filter(({ name, status }) => status === 'fail' && name.startsWith(CODE_CHECK_PREFIX))
      .map(({ name, module }) =>
        [
          ...(module === undefined ? [] : [module]),
          'aws_lambda_function',
          name.slice(CODE_CHECK_PREFIX.length),
        ].join('.'),
      )
      // One that is there or not has an index.
      .map((address) => changes.find((change) => change.address === `${address}[0]`)?.address ?? address)
      .filter((address) => !changes.some((change) => change.address === address && replaces(change.actions)))
  );
}

/** What AWS deletes together with a function. */
const DELETED_WITH_FUNCTION: ReadonlySet<string> = new Set([
  'aws_lambda_permission',
  'aws_lambda_function_event_invoke_config',
]);

/**
 * The addresses to name with `-replace`, so that the functions are made anew, and what AWS deletes together with them. The
 * configuration says the latter with `replace_triggered_by`, which Terraform may miss where `-replace` is given several times
 * (F 8.7).
 */
export function replacementOf(
  functions: readonly string[],
  { changes }: Pick<Plan, 'changes'>,
): readonly string[] {
  const named = ({ before }: PlannedChange): unknown => before?.['function_name'];
  const replaced = new Set(changes.filter(({ address }) => functions.includes(address)).map(named));
  const together = changes.filter(
    (change) => DELETED_WITH_FUNCTION.has(change.type) && replaced.has(named(change)),
  );
  return [...functions, ...together.map(({ address }) => address)];
}

const replaces = (actions: readonly PlannedAction[]): boolean =>
  actions.includes('delete') || actions.includes('create');
