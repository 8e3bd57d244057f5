import { basename } from 'node:path';

import { HANDLER_NAMES } from '../../contract/handler-names';
import type { Attributes, Plan, PlannedAction, PlannedChange } from './read-plan';

/**
 * The addresses of the functions that do not run the code of the configuration, and that the plan leaves as they are: an
 * update failed, and Terraform has written it down as done, or somebody replaced the code. The check of the configuration finds
 * the same; here the plan may change other functions, too.
 */
export const staleFunctions = ({ changes }: Pick<Plan, 'changes'>): readonly string[] =>
  changes
    .filter(({ type, actions }) => type === 'aws_lambda_function' && !replaces(actions))
    .filter(({ before = {}, after = {} }) => keepsItsCode(after) && runsOtherCode(before))
    .map(({ address }) => address);

/** The provider says that the time of the last change is not known yet where it will change the function. */
const keepsItsCode = ({ last_modified: lastModified }: Attributes): boolean => lastModified !== undefined;

/**
 * A function of this product has the SHA-256 of its zip as its hash, in hexadecimal. What a function of somebody else in the
 * same plan has for its hash is not known: it may be that of its sources.
 */
function runsOtherCode({ filename, source_code_hash: hash, code_sha256: runs }: Attributes): boolean {
  if (typeof filename !== 'string' || typeof hash !== 'string' || typeof runs !== 'string') return false;
  return OUR_ZIPS.has(basename(filename)) && Buffer.from(runs, 'base64').toString('hex') !== hash;
}

const OUR_ZIPS: ReadonlySet<string> = new Set(HANDLER_NAMES.map((name) => `${name}.zip`));

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
