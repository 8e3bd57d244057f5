import { assemble, type Assembly } from './reading/assemble';
import type { Configuration } from './configuration';
import { makeDraft } from './draft';
import { NO_PARTS, type PartFiles } from './reading/included-parts';
import { ConfigurationError, formatPath, type Path, type PlacedProblem, type Problem } from './problem';
import { resolveConfiguration } from './resolve-configuration';
import { checkAcknowledgements } from './rules/acknowledgements';
import { checkAllowedUsers } from './rules/allowed-users';
import { checkArns } from './rules/arns';
import { checkAuditTrails } from './rules/audit-trails';
import { checkBackends } from './rules/backends';
import { checkExemptions } from './rules/exemptions';
import { checkExistingUsers } from './rules/existing-users';
import { checkInlinePolicies } from './rules/inline-policies';
import { checkPrefixes } from './rules/prefixes';
import { checkReaders } from './rules/readers';
import { checkRepeatedEntries } from './rules/repeated-entries';
import { checkReplicas } from './rules/replicas';
import { checkRotation } from './rules/rotation';
import { checkSecretPrefixes } from './rules/secret-prefixes';
import { checkSesSmtp } from './rules/ses-smtp';
import { checkSettingsWithoutEffect } from './rules/settings-without-effect';
import { checkStableKeys } from './rules/stable-keys';
import { checkStackCount } from './rules/stack-count';
import { checkStillInUse } from './rules/still-in-use';
import { checkTags } from './rules/tags';
import { checkLeaks } from './rules/leaks';
import { checkTargets } from './rules/targets';
import { checkUserNames } from './rules/user-names';
import { checkUsersSomewhere } from './rules/users-somewhere';
import { configurationSchema } from './schema/configuration';
import { brokenRule, schemaProblems } from './schema-problems';
import { textOf } from './reading/yaml-places';

/** The rules between values; those of a single value are in the schema. */
const RULES = [
  checkStackCount,
  checkUsersSomewhere,
  checkStableKeys,
  checkPrefixes,
  checkSecretPrefixes,
  checkBackends,
  checkUserNames,
  checkArns,
  checkReaders,
  checkReplicas,
  checkRepeatedEntries,
  checkExistingUsers,
  checkAllowedUsers,
  checkInlinePolicies,
  checkSettingsWithoutEffect,
  checkTags,
  checkRotation,
  checkStillInUse,
  checkExemptions,
  checkAuditTrails,
  checkSesSmtp,
  checkTargets,
  checkAcknowledgements,
  checkLeaks,
];

/**
 * The configuration that a text says.
 *
 * @param file - how errors call the text
 * @param now - when it is read: the end of an exemption is compared with it
 * @param parts - where the files are that it includes
 * @throws ConfigurationError with all that is wrong with it, in the order of the text
 */
export function parseConfiguration(
  file: string,
  text: string,
  now = Date.now(),
  parts: PartFiles = NO_PARTS,
): Configuration {
  const whole = assemble(file, text, parts);
  const problems =
    whole.data === null
      ? [whole.locate({ ...brokenRule([], undefined), found: 'an empty file' })]
      : problemsOf(whole, now);
  if (problems.length > 0) throw new ConfigurationError(file, inOrder(problems, whole.files));
  return resolveConfiguration(file, configurationSchema.parse(whole.data), now);
}

function problemsOf(whole: Assembly, now: number): PlacedProblem[] {
  const { data } = whole;
  if (data === undefined) return [...whole.problems];
  const textAt = (path: Path): string | undefined =>
    textOf(whole.locate({ path, rule: '', write: '' }).found);
  const refused = schemaProblems(data, textAt);
  const draft = makeDraft(data, [...refused.map(({ path }) => path), ...whole.incomplete], now, (path) =>
    whole.fileOf(path),
  );
  const problems = withoutRepeats([...refused, ...RULES.flatMap((check) => check(draft))]);
  return [...whole.problems, ...problems.map((problem) => whole.locate(problem))];
}

/** What is wrong with a stack is found once more for each of its shards, and some values break a rule twice. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${formatPath(problem.path)} ${problem.rule}`, problem]));
  return [...seen.values()];
}

/** File by file, each from its beginning to its end. */
function inOrder(problems: readonly PlacedProblem[], files: readonly string[]): PlacedProblem[] {
  const place = ({ file }: PlacedProblem): number => Math.max(0, files.indexOf(file ?? ''));
  return problems.toSorted((a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column);
}
