import { arnParts, partitionOf } from '../../aws/aws-values';
import type { Draft, DraftStack, DraftUser } from '../draft';
import { formatPath, type Path, type Problem } from '../problem';
import { FIELD_NAME, MOST_FIELDS, ONE_KIND, TARGET_KINDS } from '../schema/deliver';
import { effectiveSecretPrefix } from './effective-prefix';

/** Delivery targets: each is one place, is reached from the stack, and no two of a stack write the same thing. */
export function checkTargets(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) => [
    ...stack.users.flatMap((user) =>
      targetsOf(user).flatMap(({ path, target }) => checkTarget(draft, stack, user, path, target)),
    ),
    ...checkTwins(stack),
    ...checkReservedKeys(stack),
  ]);
}

type Written = NonNullable<DraftUser['values']['deliver']>[number];

/** What the schema refused is missing in it. */
interface RawTarget {
  readonly secret?: Partial<NonNullable<Written['secret']>> | undefined;
  readonly parameter?: Partial<NonNullable<Written['parameter']>> | undefined;
  readonly restart?: Partial<NonNullable<Written['restart']>> | undefined;
}

/** A target, or a part of it, that the schema refused is undefined. */
const targetsOf = ({ path, values }: DraftUser): { readonly path: Path; readonly target: RawTarget }[] =>
  (values.deliver ?? []).flatMap((target: RawTarget | undefined, index) =>
    target === undefined ? [] : [{ path: [...path, 'deliver', index], target }],
  );

function checkTarget(
  draft: Draft,
  stack: DraftStack,
  user: DraftUser,
  path: Path,
  target: RawTarget,
): Problem[] {
  const { secret, restart } = target;
  const isWhole = TARGET_KINDS.every((kind) => draft.isSound([...path, kind]));
  if (isWhole && TARGET_KINDS.filter((kind) => target[kind] !== undefined).length !== 1) {
    return [{ path, rule: ONE_KIND.rule, write: ONE_KIND.example }];
  }
  if (restart?.ecsService !== undefined) {
    return checkPlace(stack, [...path, 'restart', 'ecsService'], restart.ecsService, {
      what: 'a service that is restarted',
      write: 'a service there',
    });
  }
  if (secret === undefined) return [];
  const inSecret = [...path, 'secret'];
  return [
    ...(secret.id === undefined ? [] : checkSecretId(draft, stack, [...inSecret, 'id'], secret.id)),
    ...(secret.fields === undefined ? [] : checkFields(draft, user, [...inSecret, 'fields'], secret.fields)),
  ];
}

function checkSecretId(draft: Draft, stack: DraftStack, path: Path, id: string): Problem[] {
  const elsewhere = !id.startsWith('arn:')
    ? []
    : checkPlace(stack, path, id, {
        what: 'a secret that keys are delivered to',
        write: 'a secret there; readers in another account can read the user’s own secret: see readers',
      });
  if (elsewhere.length > 0) return elsewhere;
  const name = id.startsWith('arn:') ? nameIn(id) : id;
  const prefix = effectiveSecretPrefix(draft, stack);
  if (prefix !== undefined && name.startsWith(`${prefix}/`)) {
    return [
      {
        path,
        rule: `secrets whose names begin with ${prefix}/ are this stack's own, and only a rotation writes them`,
        write: 'another secret',
      },
    ];
  }
  return [];
}

function checkPlace(
  { values: { accountId, region } }: DraftStack,
  path: Path,
  arn: string,
  { what, write }: { readonly what: string; readonly write: string },
): Problem[] {
  if (accountId === undefined || region === undefined) return [];
  const parts = arnParts(arn);
  const isThere = parts.accountId === accountId && parts.region === region;
  if (isThere && parts.partition === partitionOf(region)) return [];
  const rule = `${what} is in the stack's account and region, ${accountId} and ${region}, in the partition ${partitionOf(region)}`;
  return [{ path, rule, write }];
}

/** `arn:…:secret:<name>-AbCdEf` */
const nameIn = (arn: string): string =>
  arn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-[A-Za-z0-9]{6}$/, '');

function checkFields(
  draft: Draft,
  { values }: DraftUser,
  path: Path,
  fields: Readonly<Record<string, string | undefined>>,
): Problem[] {
  const names = Object.keys(fields);
  if (names.length === 0 && draft.isSoundThroughout(path)) {
    return [
      {
        path,
        rule: `fields is a map of 1 to ${MOST_FIELDS} parts of the key pair, by the names that the fields have`,
        write: '{ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }',
      },
    ];
  }
  return names.flatMap((name): Problem[] => {
    const inField = [...path, name];
    if (!FIELD_NAME.test(name)) {
      const rule =
        'the name of a field is a text of 1 to 128 characters in one line, without blanks at its ends';
      return [{ path: inField, found: `'${name}'`, rule, write: 'AWS_ACCESS_KEY_ID:' }];
    }
    if (fields[name]?.startsWith('Smtp') !== true || values.sesSmtp !== undefined) return [];
    const rule = `only a user with sesSmtp has ${fields[name]}`;
    return [{ path: inField, rule, write: 'sesSmtp: { region: … } for the user, or another part' }];
  });
}

/** Two users, or two entries of one, would write over each other for ever. */
function checkTwins({ users }: DraftStack): Problem[] {
  const seen = new Map<string, Path>();
  return users.flatMap((user) =>
    targetsOf(user).flatMap(({ path, target: { secret, parameter, restart } }) => {
      const places = [
        // Two users may have their keys in one service.
        ...(restart?.ecsService === undefined
          ? []
          : [
              {
                place: `ECS service ${restart.ecsService} for ${user.key}`,
                at: [...path, 'restart', 'ecsService'],
              },
            ]),
        ...(parameter?.name === undefined
          ? []
          : [{ place: `parameter ${parameter.name}`, at: [...path, 'parameter', 'name'] }]),
        ...(secret?.id === undefined ? [] : fieldsOf(secret.id, secret.fields ?? {}, path)),
      ];
      return places.flatMap(({ place, at }): Problem[] => {
        const twin = seen.get(place);
        if (twin === undefined) {
          seen.set(place, at);
          return [];
        }
        const rule = `one key goes to one place, and ${formatPath(twin)} delivers to ${place}, too`;
        return [{ path: at, rule, write: 'another place, or only one of the two' }];
      });
    }),
  );
}

const fieldsOf = (
  id: string,
  fields: object,
  path: Path,
): readonly { readonly place: string; readonly at: Path }[] =>
  Object.keys(fields).map((field) => ({
    place: `field ${field} of secret ${id.startsWith('arn:') ? nameIn(id) : id}`,
    at: [...path, 'secret', 'fields', field],
  }));

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
