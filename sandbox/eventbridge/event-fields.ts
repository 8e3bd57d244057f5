/** An event as EventBridge delivers it. */
export type Event = Readonly<Record<string, unknown>>;

/** In which entry a field is, of each list that is above it. */
export type Membership = ReadonlyMap<number, number>;

/** One value of an event that is no map and no list. */
export interface Field {
  /** The names of what it is in, joined by dots: `detail.requestParameters.userName`. Lists have no part in it. */
  readonly path: string;
  readonly value: unknown;
  readonly membership: Membership;
}

/** How EventBridge writes where a field is; a name that holds a dot reads like two. */
export const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** All values of an event. A list or map without any value has no field. */
export function fieldsOf(event: Event): readonly Field[] {
  let lists = 0;
  const walk = (value: unknown, path: string, membership: Membership): readonly Field[] => {
    if (Array.isArray(value)) {
      const list = lists++;
      return value.flatMap((entry, index) =>
        // Entries that are no map or list are values of one field, in no conflict with each other.
        walk(entry, path, isPlain(entry) ? membership : new Map([...membership, [list, index]])),
      );
    }
    if (isPlain(value)) return value === undefined ? [] : [{ path, value, membership }];
    return Object.entries(value as Event).flatMap(([name, inner]) =>
      walk(inner, joined(path, name), membership),
    );
  };
  return walk(event, '', new Map());
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
