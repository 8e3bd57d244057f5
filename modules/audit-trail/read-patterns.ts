import { secretName } from '../aws/names';
import { allSecrets } from './act-patterns';
import { apiCall, fits, noneOf, partition } from './event-pattern';
import type { EventPattern, Matcher } from './event-pattern';
import { nameOf, rotatorSessions, sessionsOfPrefix } from './watched';
import type { Watched, WatchedUser } from './watched';

/**
 * Half of what a bus has room for, unless AWS raises it: others have rules there, too.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MOST_RULES = 150;

export interface ReadWatch {
  readonly patterns: readonly EventPattern[];
  /** Whose secret's reads cannot be told apart, by stable key, and why. */
  readonly unwatched: Readonly<Record<string, string>>;
}

/**
 * Reads of a secret by a principal that is not among its readers. Users with the same readers share a pattern, as
 * many as fit; if that is everybody, one pattern for all secrets of the stack does, however many there are.
 *
 * Who reads from another account is seen here as an account and a session, without its role's name. So of an account
 * that has a reader nobody is reported. Reads of copies in other regions are not seen here at all: see `Audit`.
 */
export function readsByOthers(watched: Watched): ReadWatch {
  const reasons = new Map<string, string>();
  for (const user of watched.users) {
    const reason = whyUnwatched(watched, user);
    if (reason !== undefined) reasons.set(user.stableKey, reason);
  }
  const users = watched.users.filter(({ stableKey }) => !reasons.has(stableKey));
  const groups = groupedBy(users, ({ readers }) => JSON.stringify([...readers].sort()));
  if (groups.length === 1 && users.length === watched.users.length) {
    return { patterns: [reads(watched, readersOf(users), allSecrets(watched))], unwatched: {} };
  }
  const ofSome = (some: readonly WatchedUser[]): EventPattern =>
    reads(
      watched,
      readersOf(some),
      some.flatMap((user) => oneSecret(watched, user)),
    );
  const parts = groups.flatMap((group) => partition(group, ofSome));
  for (const { stableKey } of parts.slice(MOST_RULES).flat()) {
    reasons.set(stableKey, `${MOST_RULES} rules are taken by users with other readers`);
  }
  return { patterns: parts.slice(0, MOST_RULES).map(ofSome), unwatched: Object.fromEntries(reasons) };
}

function whyUnwatched(watched: Watched, user: WatchedUser): string | undefined {
  const { readers } = user;
  if (readers.length === 0) {
    return 'no readers are named, so nobody knows who may not read';
  }
  if (readers.includes(`arn:${watched.place.partition}:iam::${watched.place.accountId}:root`)) {
    return 'the whole account is a reader';
  }
  if (!fits(reads(watched, readers, oneSecret(watched, user)))) {
    return 'the names of its readers are longer than a rule may be';
  }
  return undefined;
}

function reads(watched: Watched, readers: readonly string[], secretId: readonly Matcher[]): EventPattern {
  const { accountId } = watched.place;
  const own = readers.filter((arn) => accountOf(arn) === accountId);
  const roles = own.filter((arn) => arn.includes(':role/')).map(nameOf);
  const iamUsers = own.filter((arn) => arn.includes(':user/')).map(nameOf);
  const accounts = [...new Set(readers.map(accountOf))].filter((account) => account !== accountId);
  const byOthersThan = (ours: readonly string[]): EventPattern =>
    apiCall(accountId, ['aws.secretsmanager'], {
      eventSource: ['secretsmanager.amazonaws.com'],
      // BatchGetSecretValue leaves one of these for each secret, too.
      eventName: ['GetSecretValue'],
      requestParameters: { secretId },
      userIdentity: {
        arn: noneOf(ours),
        // Names of roles and users are unique in an account, whatever their path.
        ...(roles.length === 0 ? {} : { sessionContext: { sessionIssuer: { userName: noneOf(roles) } } }),
        ...(iamUsers.length === 0 ? {} : { userName: noneOf(iamUsers) }),
        ...(accounts.length === 0 ? {} : { accountId: noneOf(accounts) }),
      },
    });
  const exact = byOthersThan(rotatorSessions(watched));
  return fits(exact) ? exact : byOthersThan(sessionsOfPrefix(watched));
}

/** Exactly one secret, however the caller names it: by name, by ARN, by ARN without its last six characters. */
function oneSecret(
  { place, prefix, secretPrefix = prefix }: Watched,
  { stableKey, secretArn }: WatchedUser,
): readonly string[] {
  const { partition, region, accountId } = place;
  const name = secretName(secretPrefix, stableKey);
  return [name, `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${name}`, secretArn];
}

/** Users by something that they may have in common, in their order. */
function groupedBy(
  users: readonly WatchedUser[],
  key: (user: WatchedUser) => string,
): readonly (readonly WatchedUser[])[] {
  const groups = new Map<string, WatchedUser[]>();
  for (const user of users) {
    groups.set(key(user), [...(groups.get(key(user)) ?? []), user]);
  }
  return [...groups.values()];
}

const readersOf = (users: readonly WatchedUser[]): readonly string[] => users[0]?.readers ?? [];

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
