import type { Draft, DraftStack, DraftUser } from '../draft';
import { formatPath, type Path, type Problem } from '../problem';
import { ONE_KIND, TARGET_KINDS } from '../schema/deliver';
import { checkGithubTarget, githubPlaceOf } from './github-targets';
import { checkHttpsTarget } from './https-targets';
import { checkPlace, checkSecretId, nameOfSecret } from './target-secret-ids';
import { checkFields, type TargetRules } from './target-fields';

/** Delivery targets: each is one place, is reached from the stack, and no two of a stack write the same thing. */
export function checkTargets(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) => [
    ...stack.users.flatMap((user) =>
      targetsOf(user).flatMap(({ path, target }) => checkTarget({ draft, stack, user }, path, target)),
    ),
    ...checkTwins(stack),
    ...checkReservedKeys(stack),
  ]);
}

type Written = NonNullable<DraftUser['values']['deliver']>[number];

/** What the schema refused is missing in it. */
type RawTarget = { readonly [Kind in keyof Written]?: Partial<NonNullable<Written[Kind]>> | undefined };

/** A target, or a part of it, that the schema refused is undefined. */
const targetsOf = ({ path, values }: DraftUser): { readonly path: Path; readonly target: RawTarget }[] =>
  (values.deliver ?? []).flatMap((target: RawTarget | undefined, index) =>
    target === undefined ? [] : [{ path: [...path, 'deliver', index], target }],
  );

function checkTarget(rules: TargetRules, path: Path, target: RawTarget): Problem[] {
  const isWhole = TARGET_KINDS.every((kind) => rules.draft.isSound([...path, kind]));
  if (isWhole && TARGET_KINDS.filter((kind) => target[kind] !== undefined).length !== 1) {
    return [{ path, rule: ONE_KIND.rule, write: ONE_KIND.example }];
  }
  const { secret, restart, githubActions, https } = target;
  return [
    ...(secret === undefined ? [] : checkSecretTarget(rules, [...path, 'secret'], secret)),
    ...(restart?.ecsService === undefined
      ? []
      : checkPlace(rules.stack, [...path, 'restart', 'ecsService'], restart.ecsService, RESTARTED)),
    ...(githubActions === undefined
      ? []
      : checkGithubTarget(rules, [...path, 'githubActions'], githubActions)),
    ...(https === undefined ? [] : checkHttpsTarget(rules, [...path, 'https'], https)),
  ];
}

const checkSecretTarget = (
  rules: TargetRules,
  path: Path,
  { id, fields }: NonNullable<RawTarget['secret']>,
): Problem[] => [
  ...(id === undefined ? [] : checkSecretId(rules, [...path, 'id'], id, DELIVERED)),
  ...(fields === undefined ? [] : checkFields(rules, [...path, 'fields'], fields)),
];

const RESTARTED = { what: 'a service that is restarted', elsewhere: 'a service there' };

const DELIVERED = {
  what: 'a secret that keys are delivered to',
  elsewhere: 'a secret there; readers in another account can read the user’s own secret: see readers',
};

/** Two users, or two entries of one, would write over each other for ever. */
function checkTwins({ users }: DraftStack): Problem[] {
  const seen = new Map<string, Path>();
  return users.flatMap((user) =>
    targetsOf(user).flatMap(({ path, target }) => {
      const twins = placesOf(target, path, user.key).flatMap(
        ({ place, name = place, isWhole = false, at }) => {
          const twin = seen.get(place);
          if (twin === undefined) {
            seen.set(place, at);
            return [];
          }
          const rule = `one key goes to one place, and ${formatPath(twin)} delivers to ${name}, too`;
          return [{ isWhole, problem: { path: at, rule, write: 'another place, or only one of the two' } }];
        },
      );
      // Its parts are no other places then.
      const whole = twins.find(({ isWhole }) => isWhole);
      return (whole === undefined ? twins : [whole]).map(({ problem }) => problem);
    }),
  );
}

interface Place {
  /** What two entries must not have in common. */
  readonly place: string;
  /** What it is called, where that is something else. */
  readonly name?: string;
  /** Of one user it is one target, whatever parts of it are filled. @default false */
  readonly isWhole?: boolean;
  readonly at: Path;
}

function placesOf(
  { secret, parameter, restart, githubActions, https }: RawTarget,
  path: Path,
  user: string,
): readonly Place[] {
  if (parameter?.name !== undefined) {
    return [{ place: `parameter ${parameter.name}`, at: [...path, 'parameter', 'name'] }];
  }
  // Two users may have their keys in one service.
  if (restart?.ecsService !== undefined) {
    const name = `ECS service ${restart.ecsService}`;
    return [{ place: `${name} for ${user}`, name, at: [...path, 'restart', 'ecsService'] }];
  }
  if (https?.url !== undefined)
    return [{ place: `address ${https.url}`, name: 'this address', at: [...path, 'https', 'url'] }];
  const { id } = secret ?? {};
  if (id !== undefined) {
    const name = `secret ${nameOfSecret(id)}`;
    return [
      // The fields of one secret are one target: its record has its name.
      { place: `${name} for ${user}`, name, isWhole: true, at: [...path, 'secret', 'id'] },
      ...Object.keys(secret?.fields ?? {}).map((field) => ({
        place: `field ${field} of ${name}`,
        at: [...path, 'secret', 'fields', field],
      })),
    ];
  }
  const place = githubActions && githubPlaceOf(githubActions);
  if (place === undefined) return [];
  const at = [...path, 'githubActions'];
  return [
    // The secrets of one place are one target: its record has its name.
    { place: `${place} for ${user}`, name: place, isWhole: true, at },
    // GitHub takes names that differ only in case for the same.
    ...Object.keys(githubActions?.secrets ?? {}).map((name) => ({
      place: `secret ${name.toUpperCase()} of ${place}`,
      at: [...at, 'secrets', name],
    })),
  ];
}

/** Its function and role would be called as the delivery function; without targets there is none. */
function checkReservedKeys({ users }: DraftStack): Problem[] {
  if (users.every((user) => targetsOf(user).length === 0)) return [];
  return users
    .filter(({ key }) => ['deliver', 'deliver-schedule'].includes(key.toLowerCase()))
    .map(({ key, path }) => ({
      path,
      found: `'${key}'`,
      rule: `in a stack where a user has deliver, ${key} is reserved for what a stack has for all its users`,
      write: `${key}_user:, with userName: ${key} if the IAM user is called so`,
    }));
}
