import { createRequestHandler as newRequestHandler } from '../client/request-handler';
import { createSweepPorts } from '../handlers/aws/clients';
import { CallRefusedError } from '../handlers/core/model/call-errors';
import { pacedAccessKeys } from '../handlers/core/retirement/paced-access-keys';
import { IAM_RATE, Pacer } from '../handlers/core/retirement/pacer';
import type { SweepPorts, TableEntry } from '../handlers/core/retirement/retirement-ports';
import { createAwsClock, type AwsClock } from './aws-clock';
import { type AwsConnection, connect, type StackOptions } from './aws-options';

/** A stack in an account, for commands that look at its users. IAM is asked within its rate. */
export interface Stack {
  readonly prefix: string;
  readonly region: string;
  readonly connection: AwsConnection;
  readonly clock: AwsClock;
  readonly ports: Pick<
    SweepPorts,
    | 'keys'
    | 'secrets'
    | 'probe'
    | 'settings'
    | 'directory'
    | 'rotations'
    | 'journals'
    | 'deliveries'
    | 'acknowledgements'
  > & {
    readonly clock: AwsClock;
  };
}

export async function openStack({ prefix, ...aws }: StackOptions): Promise<Stack> {
  const connection = await connect(aws);
  const clock = await createAwsClock(connection);
  const ports = createSweepPorts(prefix, {
    newRequestHandler,
    connection,
    systemClockOffset: clock.offset,
  });
  const keys = pacedAccessKeys(ports.keys, new Pacer(clock, IAM_RATE));
  return { prefix, region: connection.region, connection, clock, ports: { ...ports, keys, clock } };
}

/**
 * All users of the stack, by name.
 *
 * @throws Error where there is no such stack
 */
export async function usersOf(stack: Stack): Promise<readonly TableEntry[]> {
  try {
    const entries = await stack.ports.directory.list();
    return entries.toSorted((a, b) => (a.stableKey < b.stableKey ? -1 : 1));
  } catch (error) {
    throw explainMissingTable(error, stack);
  }
}

/** Where no table is called so, that is what a person has to know. */
export function explainMissingTable(
  error: unknown,
  { prefix, region }: Pick<Stack, 'prefix' | 'region'>,
): unknown {
  const isNoTable = error instanceof CallRefusedError && error.kind === 'notFound';
  if (!isNoTable) return error;
  return new Error(`This account has no table ${prefix} in ${region}. Name ${WHERE_TO_LOOK}`, {
    cause: error,
  });
}

/** @throws Error that names the users that there are */
export function requireUser(
  entries: readonly TableEntry[],
  user: string,
  stack: Pick<Stack, 'prefix' | 'region'>,
): TableEntry {
  const found = entries.find(({ stableKey }) => stableKey === user);
  if (found !== undefined) return found;
  throw noSuchUser(user, stack, entries);
}

/** @throws Error that names the owners that there are, where the owner has no user */
export function usersOfOwner(
  entries: readonly TableEntry[],
  owner: string,
  { prefix }: Pick<Stack, 'prefix'>,
): readonly TableEntry[] {
  const owned = entries.filter(({ settings }) => !(settings instanceof Error) && settings.owner === owner);
  if (owned.length > 0) return owned;
  const owners = new Set(
    entries.flatMap(({ settings }) => (settings instanceof Error ? [] : [settings.owner ?? []].flat())),
  );
  throw new Error(
    `No user of stack ${prefix} has the owner ${owner}. Owners are: ${[...owners].join(', ') || 'none'}.`,
  );
}

/** A name in rotation.yaml is not always the IAM user's name. */
export function noSuchUser(
  user: string,
  { prefix, region }: Pick<Stack, 'prefix' | 'region'>,
  entries: readonly TableEntry[] = [],
): Error {
  const isCalledSo = ({ settings }: TableEntry): boolean =>
    !(settings instanceof Error) && settings.userName === user;
  const meant = entries.find(isCalledSo)?.stableKey;
  const hint =
    meant === undefined
      ? `Name the user as in rotation.yaml, ${WHERE_TO_LOOK}`
      : `The IAM user ${user} is called ${meant} there.`;
  return new Error(`Table ${prefix} of this account, in ${region}, holds no user ${user}. ${hint}`);
}

const WHERE_TO_LOOK =
  "the stack's prefix with --prefix, and check the region (--region) and the " +
  'credentials in use (--profile): aws sts get-caller-identity';
