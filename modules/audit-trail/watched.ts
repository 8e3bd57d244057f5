import type { AwsPlace } from '../aws/aws-place';

/** What the watch looks after. Strings are plain, save where it says otherwise: patterns are measured and split. */
export interface Watched {
  readonly place: AwsPlace;
  readonly prefix: string;
  /**
   * Of the secrets' names: where the stack is one of several shards, that of all of them.
   * @default as `prefix`
   */
  readonly secretPrefix?: string;
  readonly users: readonly WatchedUser[];
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

/** The roles of the stack, as CloudTrail names their sessions: without path, and all called `<prefix>-…`. */
export function ourSessions({ place, prefix }: Watched): string {
  return sessionsOf(place, `${prefix}-*`);
}

/**
 * Who rotates and retires secrets that are named as the stack's own are: all shards' roles, whose names begin the same. A
 * pattern cannot say which shard a secret is of.
 */
export function rotatorSessions({ place, prefix, secretPrefix = prefix }: Watched): string {
  return sessionsOf(place, `${secretPrefix}-*`);
}

/** Sessions of Terraform's role, if it is known. */
export function deployerSessions({ place, deployRoleArn }: Watched): readonly string[] {
  return deployRoleArn === undefined ? [] : [sessionsOf(place, nameOf(deployRoleArn))];
}

/** Whom changes of what is made are expected from. */
export function deployerOrOurSessions(watched: Watched): readonly string[] {
  const deployer = deployerSessions(watched);
  return deployer.length === 0 ? [ourSessions(watched)] : deployer;
}

/** `arn:…:role/path/name` is the name. */
export const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;

const sessionsOf = ({ partition, accountId }: AwsPlace, roleName: string): string =>
  `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/*`;
