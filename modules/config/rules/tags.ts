import { AWS_TAG_NAMESPACE, KEY_NOTE_TAG_PREFIX, TAG_NAMESPACE } from '../../../contract/tags';
import { MOST_TAGS, TAG_KEY, TAG_VALUE, TAG_VALUE_RULE } from '../../aws/aws-values';
import type { Draft } from '../draft';
import { type Problem, formatPath, type Path } from '../problem';

type Tags = Readonly<Record<string, string>>;

/** Tag keys that AWS refuses or that are ours, and what a stack's and a user's tags come to together. */
export function checkTags(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) => {
    const ofStack = { tags: stack.values.tags ?? {}, path: [...stack.path, 'tags'] };
    return [
      ...checkKeys(ofStack.tags, ofStack.path, []),
      ...stack.users.flatMap(({ values, path }) => {
        const tags = values.tags ?? {};
        const ownPath = [...path, 'tags'];
        return [
          ...checkKeys(tags, ownPath, Object.keys(ofStack.tags)),
          ...checkCount({ ...ofStack.tags, ...tags }, ownPath, Object.keys(tags).length),
        ];
      }),
    ];
  });
}

function checkKeys(tags: Tags, path: Path, inherited: readonly string[]): Problem[] {
  const seen = new Map(inherited.map((key) => [key.toLowerCase(), key]));
  return Object.keys(tags).flatMap((key): Problem[] => {
    const at = [...path, key];
    const found = `the tag '${key}'`;
    const refused = refusedKey(key);
    if (refused !== undefined) return [{ path: at, found, ...refused }];
    const twin = seen.get(key.toLowerCase());
    seen.set(key.toLowerCase(), key);
    if (twin !== undefined && twin !== key) {
      const rule = `IAM takes tag keys that differ only in case for the same, and there is '${twin}' already`;
      return [{ path: at, found, rule, write: `${twin}:` }];
    }
    return [];
  });
}

function refusedKey(key: string): Pick<Problem, 'rule' | 'write'> | undefined {
  if (!TAG_KEY.test(key))
    return { rule: 'a tag key has 1 to 128 letters, digits, spaces and _.:/=+-@', write: 'team:' };
  if (begins(key, AWS_TAG_NAMESPACE)) {
    const rule = `tag keys that begin with '${AWS_TAG_NAMESPACE}' are AWS's own`;
    return { rule, write: `${key.slice(AWS_TAG_NAMESPACE.length)}:` };
  }
  if (begins(key, TAG_NAMESPACE)) {
    const rule = `tag keys that begin with '${TAG_NAMESPACE}' are written by iam-key-rotation itself`;
    return { rule, write: `${key.slice(TAG_NAMESPACE.length)}:` };
  }
  return undefined;
}

const begins = (key: string, beginning: string): boolean => key.toLowerCase().startsWith(beginning);

const COUNT_RULE = `a user has up to ${MOST_TAGS} tags: AWS allows 50, of which we and the console need some`;

export interface SortedTags {
  /** What `tags` of a user takes. */
  readonly taken: Tags;
  /** What it refuses, and why. Terraform takes these off the user, unless `ignoreTags` names them. */
  readonly refused: readonly { readonly key: string; readonly value: string; readonly why: string }[];
}

/**
 * What becomes of the tags of an IAM user that moves into the state. Those that Terraform leaves as they are, AWS's own and
 * the console's notes on access keys, are neither taken nor refused.
 */
export function sortTags(tags: Tags): SortedTags {
  const own = Object.entries(tags).filter(
    ([key]) => !begins(key, AWS_TAG_NAMESPACE) && !key.startsWith(KEY_NOTE_TAG_PREFIX),
  );
  let count = 0;
  const sorted = own.map(([key, value]) => {
    const why = refusedKey(key)?.rule ?? (TAG_VALUE.test(value) ? undefined : TAG_VALUE_RULE);
    if (why !== undefined) return { key, value, why };
    count += 1;
    return { key, value, why: count > MOST_TAGS ? COUNT_RULE : undefined };
  });
  return {
    taken: Object.fromEntries(
      sorted.filter(({ why }) => why === undefined).map(({ key, value }) => [key, value]),
    ),
    refused: sorted.flatMap(({ why, ...tag }) => (why === undefined ? [] : [{ ...tag, why }])),
  };
}

function checkCount(merged: Tags, path: Path, own: number): Problem[] {
  const count = Object.keys(merged).length;
  if (own === 0 || count <= MOST_TAGS) return [];
  return [
    {
      path,
      found: `${count} tags with those of ${formatPath(path.slice(0, 2))}`,
      rule: COUNT_RULE,
      write: `at most ${MOST_TAGS - (count - own)} tags here`,
    },
  ];
}
