import { IAM_USER_NAME, longestStableKey } from '../../../contract/names';
import { isWordOfObjects, STABLE_KEY, stableKeyFor } from '../../../contract/stable-key';
import { SHARD } from '../../aws/aws-values';
import type { Draft, DraftStack } from '../draft';
import {
  functionName,
  LONGEST_NAME,
  RESERVED_STABLE_KEYS,
  secretName,
  STABLE_KEY_RULE,
} from '../../aws/names';
import { type Problem, formatPath, type Path } from '../problem';
import { effectivePrefix, effectiveSecretPrefix } from './effective-prefix';

/** Names of stacks and stable keys of users: they become Terraform addresses and names on AWS. */
export function checkStableKeys(draft: Draft): Problem[] {
  return [
    ...checkKeys(
      draft.stacks.filter(({ shard }) => shard === undefined),
      "a stack's name",
    ),
    ...checkShards(draft),
    ...draft.stacks.flatMap((stack) => [
      ...checkKeys(stack.users, STABLE_KEY_OF_USER),
      ...stack.users.flatMap(({ key, path }) => checkNamesMadeFrom(draft, stack, key, path)),
    ]),
    ...checkSecretNames(draft),
  ];
}

const STABLE_KEY_OF_USER = 'a stable key';

/** Names of shards, and of the Terraform stacks that they become. */
function checkShards(draft: Draft): Problem[] {
  const seen = new Map<string, Path>();
  return draft.stacks.flatMap(({ name, shard, namePath: path }): Problem[] => {
    if (shard !== undefined && !SHARD.test(shard)) {
      const rule =
        'the name of a shard has 1 to 20 letters, digits, _ and -, and begins with a letter or a digit';
      return [{ path, found: `'${shard}'`, rule, write: 'two:' }];
    }
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined && (shard !== undefined || twin.length > path.length)) {
      const rule = `a Terraform stack's name is unique without regard to case, and ${formatPath(twin)} is called so too`;
      return [{ path, found: `the Terraform stack '${name}'`, rule, write: 'another name' }];
    }
    if (twin === undefined) seen.set(name.toLowerCase(), path);
    return [];
  });
}

/** The shards of a stack share the beginning of their secrets' names. */
function checkSecretNames(draft: Draft): Problem[] {
  const seen = new Map<string, { readonly stack: DraftStack; readonly path: Path }>();
  return draft.stacks.flatMap((stack) => {
    const prefix = effectiveSecretPrefix(draft, stack);
    return stack.users.flatMap(({ key, path }): Problem[] => {
      const { accountId, region } = stack.values;
      if (prefix === undefined || accountId === undefined || region === undefined) return [];
      const name = secretName(prefix, key);
      const inPlace = `${accountId} ${region} ${name}`;
      const other = seen.get(inPlace);
      if (other === undefined) seen.set(inPlace, { stack, path });
      if (other === undefined || formatPath(other.stack.path) !== formatPath(stack.path)) return [];
      return [
        {
          path,
          found: `the secret '${name}'`,
          rule: `a stable key stands only once in a stack and its shards, and ${formatPath(other.path)} is this one too`,
          write: 'only one of the two entries; to move a user from one shard to another see docs/accounts.md',
        },
      ];
    });
  });
}

function checkKeys(
  entries: readonly { readonly path: Path; readonly name?: string; readonly key?: string }[],
  what: string,
): Problem[] {
  const seen = new Map<string, string>();
  const free = freeKeys(entries.map(({ path }) => String(path.at(-1))));
  return entries.flatMap(({ path }): Problem[] => {
    const key = String(path.at(-1));
    const found = `'${key}'`;
    if (!STABLE_KEY.test(key)) {
      return [
        {
          path,
          found,
          rule: `${what} ${STABLE_KEY_RULE}`,
          write: insteadOf(key, what, free),
        },
      ];
    }
    if (isWordOfObjects(key)) {
      const rule = `${what} is not one of the words that every JavaScript object has`;
      return [{ path, found, rule, write: `${free(key)}:` }];
    }
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) {
      return [
        {
          path,
          found,
          rule: `${what} is unique without regard to case, and there is '${twin}' already`,
          write: `another key, such as ${free(key)}:`,
        },
      ];
    }
    seen.set(key.toLowerCase(), key);
    return [];
  });
}

/** A key for a name, which neither the file nor an earlier suggestion has. */
type FreeKey = (name: string) => string;

function freeKeys(keys: readonly string[]): FreeKey {
  const taken = new Set(keys.map((key) => key.toLowerCase()));
  return (name) => {
    const key = stableKeyFor(name, { isTaken: (one) => taken.has(one.toLowerCase()) });
    taken.add(key.toLowerCase());
    return key;
  };
}

/** A user's name stays what it was, or the suggestion would make another user. */
function insteadOf(key: string, what: string, free: FreeKey): string {
  if (key === '') return `${free('ci-deployer')}:`;
  const repaired = free(key);
  return what === STABLE_KEY_OF_USER && IAM_USER_NAME.test(key)
    ? `${repaired}:, with userName: ${key} if the IAM user is called so`
    : `${repaired}:`;
}

function checkNamesMadeFrom(draft: Draft, stack: DraftStack, key: string, path: Path): Problem[] {
  if (!STABLE_KEY.test(key)) return [];
  if (RESERVED_STABLE_KEYS.includes(key.toLowerCase())) {
    return [
      {
        path,
        found: `'${key}'`,
        rule: `${RESERVED_STABLE_KEYS.join(', ')} are reserved for what a stack has for all its users`,
        write: `${freeKeys(stack.users.map((user) => user.key))(key)}:, with userName: ${key} if the IAM user is called so`,
      },
    ];
  }

  const prefix = effectivePrefix(draft, stack);
  if (prefix === undefined) return [];
  const name = functionName(prefix, key);
  const most = longestStableKey(prefix);
  // A prefix that leaves no room is to blame itself.
  if (name.length <= LONGEST_NAME || most <= 0) return [];
  return [
    {
      path,
      found: `'${key}' (${key.length} characters)`,
      rule: `the function and its role are called ${functionName(prefix, '<stable key>')}, in at most ${LONGEST_NAME} characters; '${name}' has ${name.length}`,
      write: `a key of at most ${most} characters, with userName: for the IAM user's name`,
    },
  ];
}
