import { MOST_TAGS, TAG_KEY } from '../../aws/aws-values';
import type { Draft } from '../draft';
import { TAG_NAMESPACE } from '../../aws/names';
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
    if (!TAG_KEY.test(key)) {
      const rule = 'a tag key has 1 to 128 letters, digits, spaces and _.:/=+-@';
      return [{ path: at, found, rule, write: 'team:' }];
    }
    if (/^aws:/i.test(key)) {
      const rule = "tag keys that begin with 'aws:' are AWS's own";
      return [{ path: at, found, rule, write: `${key.slice(4)}:` }];
    }
    if (key.toLowerCase().startsWith(TAG_NAMESPACE)) {
      const rule = `tag keys that begin with '${TAG_NAMESPACE}' are written by iam-key-rotation itself`;
      return [{ path: at, found, rule, write: `${key.slice(TAG_NAMESPACE.length)}:` }];
    }
    const twin = seen.get(key.toLowerCase());
    seen.set(key.toLowerCase(), key);
    if (twin !== undefined && twin !== key) {
      const rule = `IAM takes tag keys that differ only in case for the same, and there is '${twin}' already`;
      return [{ path: at, found, rule, write: `${twin}:` }];
    }
    return [];
  });
}

function checkCount(merged: Tags, path: Path, own: number): Problem[] {
  const count = Object.keys(merged).length;
  if (own === 0 || count <= MOST_TAGS) return [];
  return [
    {
      path,
      found: `${count} tags with those of ${formatPath(path.slice(0, 2))}`,
      rule: `a user has up to ${MOST_TAGS} tags: AWS allows 50, of which we and the console need some`,
      write: `at most ${MOST_TAGS - (count - own)} tags here`,
    },
  ];
}
