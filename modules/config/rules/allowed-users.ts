import type { Draft, DraftStack, DraftUser } from '../draft';
import type { Problem } from '../problem';
import { isLike } from '../reading/is-like';

/** What the users in included files may be, as far as the owner of the stack has said it. */
export function checkAllowedUsers(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) =>
    stack.values.allow === undefined
      ? []
      : stack.users
          .filter(({ path }) => draft.fileOf(path) !== draft.fileOf(stack.path))
          .flatMap((user) => checkUser(stack, user)),
  );
}

type Allow = NonNullable<DraftStack['values']['allow']>;

function checkUser({ path: stack, values: { allow = {} } }: DraftStack, user: DraftUser): Problem[] {
  const refused = (key: string, limit: keyof Allow, found?: string): Problem => ({
    path: [...user.path, key],
    ...(found === undefined ? {} : { found }),
    rule: `${stack.join('.')}.allow.${limit} limits what this file may say, and does not admit it`,
    write: `what it admits${among(allow[limit])}, or ask the owner of the stack to admit more`,
  });
  const { key, values } = user;
  const {
    userName = key,
    path = '/',
    policyArns = [],
    inlinePolicies = {},
    groups = [],
    readers = [],
  } = values;
  const isThere = values.existing === true || values.import === true;
  const outside = (allowed: Texts | undefined, wanted: Texts): boolean =>
    allowed !== undefined &&
    !sound(wanted).every((one) => sound(allowed).some((pattern) => isLike(one, pattern)));
  /** What is not said of rights follows from the policies. */
  const limitOf = (limit: keyof Allow): keyof Allow => (allow[limit] === undefined ? 'policyArns' : limit);
  return [
    ...(allow.existing === false && isThere
      ? [refused(values.existing === true ? 'existing' : 'import', 'existing')]
      : []),
    ...(outside(allow.userNames, [userName]) ? [refused('userName', 'userNames', `'${userName}'`)] : []),
    ...(!isThere &&
    allow.paths !== undefined &&
    !sound(allow.paths).some((allowed) => path.startsWith(allowed))
      ? [refused('path', 'paths', `'${path}'`)]
      : []),
    ...(outside(allow.policyArns, policyArns) ? [refused('policyArns', 'policyArns')] : []),
    ...(!(allow.inlinePolicies ?? allow.policyArns === undefined) && Object.keys(inlinePolicies).length > 0
      ? [refused('inlinePolicies', limitOf('inlinePolicies'))]
      : []),
    // Who may attach some policies only gets no others by way of a group.
    ...(outside(allow.groups ?? (allow.policyArns && []), groups)
      ? [refused('groups', limitOf('groups'))]
      : []),
    ...(outside(allow.readers, readers) ? [refused('readers', 'readers')] : []),
  ];
}

type Texts = readonly (string | undefined)[];

/** Without the entries that the schema refused. */
const sound = (texts: Texts): readonly string[] => texts.filter((one) => one !== undefined);

const among = (allowed: unknown): string =>
  Array.isArray(allowed) && allowed.length > 0 ? ` (${allowed.join(', ')})` : '';
