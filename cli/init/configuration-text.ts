import { stringify } from 'yaml';

import { DEFAULT_PREFIX, longestStableKey } from '../../contract/names';
import { stableKeyFor } from '../../contract/stable-key';
import type { Configuration } from '../../modules/config/configuration';
import { parseConfiguration } from '../../modules/config/parse-configuration';

/** What the first configuration says. */
export interface Answers {
  readonly accountId: string;
  readonly region: string;
  readonly emails: readonly string[];
  readonly users: readonly FirstUser[];
}

export interface FirstUser {
  readonly userName: string;
  /** The account has it already. */
  readonly exists: boolean;
}

/** From so many users on, one function for all of them: the account would get as many roles as users. */
const MOST_FUNCTIONS = 100;

/**
 * The text of a `rotation.yaml`.
 *
 * @param schema the path of its JSON schema, for editors; none: no line for them
 */
export function configurationText(answers: Answers, schema?: string): string {
  const { accountId, region, emails, users } = answers;
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`, '#']),
    '# Which IAM users have their access keys rotated, when, and in which account. All keys: docs/configuration.md of iam-key-rotation.',
    '# Without a schedule a user is rotated every second month, and the previous key stays usable for 24 hours.',
    '',
    'stacks:',
    '  production:',
    `    accountId: ${quoted(accountId)}`,
    `    region: ${scalar(region)}`,
    '    alerts: # who is notified; AWS sends each address a link that has to be followed once',
    `      emails: ${list(emails)}`,
    ...(users.length > MOST_FUNCTIONS ? ['    functions: shared # one function for all users'] : []),
    '    users:',
    ...entriesOf(users),
    '',
  ].join('\n');
}

/** @throws ConfigurationError with all that is wrong with it */
export const checkText = (file: string, text: string): Configuration => parseConfiguration(file, text);

function entriesOf(users: readonly FirstUser[]): readonly string[] {
  const taken = new Set<string>();
  const longest = longestStableKey(DEFAULT_PREFIX);
  return users.map(({ userName, exists }) => {
    const key = stableKeyFor(userName, { isTaken: (one) => taken.has(one.toLowerCase()), longest });
    taken.add(key.toLowerCase());
    const own = [
      ...(key === userName ? [] : [`userName: ${scalar(userName)}`]),
      ...(exists ? ['existing: true'] : []),
    ];
    return `      ${scalar(key)}: { ${own.join(', ')} }`.replace('{  }', '{}');
  });
}

const quoted = (text: string): string => JSON.stringify(text);

/** As YAML writes it within a flow or as a key, on one line. */
const scalar = (text: string): string =>
  /^[A-Za-z_][\w-]*$/.test(text) ? stringify(text).trim() : quoted(text);

const list = (texts: readonly string[]): string => `[${texts.map(scalar).join(', ')}]`;
