import type { AwsPlace } from '../aws/aws-place';
import {
  deliveryFunctionName,
  notificationFunctionName,
  retirementFunctionName,
  roleName,
} from '../aws/names';

/** What the watch looks after. Strings are plain, save where it says otherwise: patterns are measured and split. */
export interface Watched {
  readonly place: AwsPlace;
  readonly prefix: string;
  /**
   * Of the names of all shards, where the stack is one of several.
   * @default as `prefix`
   */
  readonly stackPrefix?: string;
  /**
   * Of the secrets' names.
   * @default as `prefix`
   */
  readonly secretPrefix?: string;
  readonly users: readonly WatchedUser[];
  /** Names of the functions that rotate: one for all users, or one for each. */
  readonly rotationFunctions: readonly string[];
  /**
   * Whether there is a delivery function, which reads secrets that have targets: see `KeyDelivery`.
   * @default false
   */
  readonly delivers?: boolean;
  /**
   * The role that Terraform works with.
   * @default nobody knows, so what only Terraform does by itself is not watched
   */
  readonly deployRoleArn?: string;
}

export interface WatchedUser {
  readonly stableKey: string;
  readonly userName: string;
  /**
   * Whether somebody else made the user, and decides what it may do.
   * @default false
   */
  readonly existing?: boolean;
  /** May be a reference. */
  readonly secretArn: string;
  /** ARNs of roles, users and accounts (`:root`) that may read the secret; the user itself, if it renews its own key. */
  readonly readers: readonly string[];
}

/** So much of a pattern may name the stack's roles: about seven of them. */
const CHARACTERS_FOR_ROLES = 600;

/**
 * Sessions of the stack's roles that act on keys, secrets and the table, as CloudTrail names them: without path. By their
 * names where a pattern has room for these; else by what they begin with, and `actsOnRoles` notices who makes another one.
 */
export function ourSessions({
  place,
  prefix,
  rotationFunctions,
  delivers = false,
}: Watched): readonly string[] {
  const functions = [
    ...rotationFunctions,
    retirementFunctionName(prefix),
    notificationFunctionName(prefix),
    ...(delivers ? [deliveryFunctionName(prefix)] : []),
  ];
  const exact = functions.map((name) => sessionsOf(place, roleName(name)));
  return JSON.stringify(exact).length <= CHARACTERS_FOR_ROLES ? exact : sessionsOfPrefix({ place, prefix });
}

/**
 * Who rotates and retires secrets that are named as the stack's own are. A pattern cannot say which shard a secret is of,
 * and a shard does not know the others' roles, whose names begin the same.
 */
export function rotatorSessions(watched: Watched): readonly string[] {
  const { place, prefix, stackPrefix = prefix } = watched;
  return stackPrefix === prefix ? ourSessions(watched) : sessionsOfPrefix({ place, prefix: stackPrefix });
}

/** Of all roles whose names begin as those of the stack do, or of all its shards. */
export const sessionsOfPrefix = ({
  place,
  prefix,
  stackPrefix = prefix,
}: Pick<Watched, 'place' | 'prefix' | 'stackPrefix'>): readonly string[] => [
  sessionsOf(place, `${stackPrefix}-*`),
];

/** Sessions of Terraform's role, if it is known. */
export function deployerSessions({ place, deployRoleArn }: Watched): readonly string[] {
  return deployRoleArn === undefined ? [] : [sessionsOf(place, nameOf(deployRoleArn))];
}

/** Whom changes of what is made are expected from. */
export function deployerOrOurSessions(watched: Watched): readonly string[] {
  const deployer = deployerSessions(watched);
  return deployer.length === 0 ? ourSessions(watched) : deployer;
}

export const ourOrDeployerSessions = (watched: Watched): readonly string[] => [
  ...ourSessions(watched),
  ...deployerSessions(watched),
];

/** `arn:…:role/path/name` is the name. */
export const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;

const sessionsOf = ({ partition, accountId }: AwsPlace, name: string): string =>
  `arn:${partition}:sts::${accountId}:assumed-role/${name}/*`;
