import type { Configuration } from './configuration';
import { makeDraft } from './draft';
import { ConfigurationError, type Finding, type Problem } from './problem';
import { resolveConfiguration } from './resolve-configuration';
import { checkArns } from './rules/arns';
import { checkBackends } from './rules/backends';
import { checkExemptions } from './rules/exemptions';
import { checkExistingUsers } from './rules/existing-users';
import { checkPrefixes } from './rules/prefixes';
import { checkReaders } from './rules/readers';
import { checkRepeatedEntries } from './rules/repeated-entries';
import { checkRotation } from './rules/rotation';
import { checkSesSmtp } from './rules/ses-smtp';
import { checkStableKeys } from './rules/stable-keys';
import { checkStackCount } from './rules/stack-count';
import { checkStillInUse } from './rules/still-in-use';
import { checkTags } from './rules/tags';
import { checkUserNames } from './rules/user-names';
import { configurationSchema } from './schema/configuration';
import { schemaFindings } from './schema-findings';
import { textOf } from './yaml-places';
import { readYaml } from './yaml-source';

/** The rules between values; those of a single value are in the schema. */
const RULES = [
  checkStackCount,
  checkStableKeys,
  checkPrefixes,
  checkBackends,
  checkUserNames,
  checkArns,
  checkReaders,
  checkRepeatedEntries,
  checkExistingUsers,
  checkTags,
  checkRotation,
  checkStillInUse,
  checkExemptions,
  checkSesSmtp,
];

/**
 * The configuration that a text says.
 *
 * @param file - how errors call the text
 * @param now - when it is read: the end of an exemption is compared with it
 * @throws ConfigurationError with all that is wrong with it, in the order of the text
 */
export function parseConfiguration(file: string, text: string, now = Date.now()): Configuration {
  const source = readYaml(text);
  const problems: Problem[] = [...source.problems];

  if (source.data === null) {
    problems.push(source.locate(EMPTY_FILE));
  } else if (source.data !== undefined) {
    const refused = schemaFindings(source.data);
    problems.push(
      ...refused.map(({ path, word }) => {
        const { found } = source.locate({ path, rule: '', write: '' });
        return source.locate(word(textOf(found)));
      }),
    );
    const draft = makeDraft(
      source.data,
      refused.map(({ path }) => path),
      now,
    );
    problems.push(
      ...RULES.flatMap((check): Finding[] => check(draft)).map((finding) => source.locate(finding)),
    );
  }

  if (problems.length > 0) {
    throw new ConfigurationError(
      file,
      problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    );
  }
  return resolveConfiguration(file, configurationSchema.parse(source.data), now);
}

const EMPTY_FILE: Finding = {
  path: [],
  found: 'an empty file',
  rule: 'the file is a map with the key stacks and, if wanted, defaults',
  write: 'stacks:, and below it a stack such as production: with accountId, region and users',
};
