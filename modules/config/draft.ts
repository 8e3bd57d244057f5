import type { Path } from './problem';
import { formatPath } from './problem';
import { configurationSchema, type RawConfiguration } from './schema/configuration';
import type { RawRotation } from './schema/rotation';
import type { RawStack } from './schema/stack';
import type { RawUser } from './schema/user';
import { type DescribedValue, valuesIn } from './schema/walk';
import { type Unit, unitsOf } from './units';

/**
 * A configuration on its way: what the schema has accepted. Values that it refused are missing, so that the
 * rules between values can be checked beside them, and all problems are told at once.
 */
export interface Draft {
  /** All values of the file with what the schema knows of them: for rules that hold wherever a key is. */
  readonly values: readonly DescribedValue[];
  readonly defaults: RawRotation;
  readonly stacks: readonly DraftStack[];
  /** The file that a path leads into: what is included stands in others. */
  fileOf(path: Path): string;
  /** When it is read, in milliseconds since 1970: exemptions end in the future. */
  readonly now: number;
  /** False if the value, or a map that it would be in, was refused: nothing is to be concluded from its absence. */
  isSound(path: Path): boolean;
  /** The same, and nothing in it was refused either. */
  isSoundThroughout(path: Path): boolean;
}

/** One Terraform stack to be. The shards of a stack share its path and values. */
export interface DraftStack {
  /** Of the Terraform stack: with the shard's name in it. */
  readonly name: string;
  readonly shard: string | undefined;
  /** Where the values stand. */
  readonly path: Path;
  /** Where the name stands: of the stack, or of the shard. */
  readonly namePath: Path;
  readonly values: Partial<RawStack>;
  readonly users: readonly DraftUser[];
}

export interface DraftUser {
  readonly key: string;
  readonly path: Path;
  readonly values: RawUser;
}

/** @param refused - paths of the values that the schema refused */
export function makeDraft(
  data: unknown,
  refused: readonly Path[],
  now: number,
  fileOf: Draft['fileOf'],
): Draft {
  const refusedPaths = new Set(refused.map(formatPath));
  const isSound = (path: Path): boolean =>
    refusedPaths.size === 0 ||
    // The value itself, or a map that it would be in.
    !Array.from({ length: path.length + 1 }, (_, length) => formatPath(path.slice(0, length))).some((part) =>
      refusedPaths.has(part),
    );
  const sound = soundPart(data, [], (path) => !refusedPaths.has(formatPath(path))) as
    Partial<RawConfiguration> | undefined;
  return {
    values: [...valuesIn(configurationSchema, sound)],
    defaults: sound?.defaults ?? {},
    stacks: Object.entries(sound?.stacks ?? {}).flatMap(([name, values]) => {
      const path = ['stacks', name];
      return unitsOf(name, values).map((unit) => draftStack(path, values, unit));
    }),
    fileOf,
    isSound,
    isSoundThroughout: (path) =>
      isSound(path) && !refused.some((one) => formatPath(one.slice(0, path.length)) === formatPath(path)),
    now,
  };
}

function draftStack(path: Path, values: Partial<RawStack>, unit: Unit<RawUser>): DraftStack {
  const namePath = [...path, ...unit.path];
  const users = Object.entries(unit.users).map(([key, ofUser]) => ({
    key,
    path: [...namePath, 'users', key],
    values: ofUser,
  }));
  return { name: unit.name, shard: unit.shard, path, namePath, values, users };
}

/**
 * A copy without the refused values. In lists they stay as `undefined`, because the places of the others count;
 * stacks and users stay as empty maps, because their keys count.
 */
function soundPart(value: unknown, path: Path, isSound: (path: Path) => boolean): unknown {
  if (!isSound(path)) return isNamed(path) ? Object.create(null) : undefined;
  if (Array.isArray(value)) return value.map((entry, index) => soundPart(entry, [...path, index], isSound));
  if (typeof value !== 'object' || value === null) return value;
  const part = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of Object.entries(value)) {
    const soundEntry = soundPart(entry, [...path, key], isSound);
    if (soundEntry !== undefined) part[key] = soundEntry;
  }
  return part;
}

/** A stack, a shard or a user. */
const isNamed = (path: Path): boolean =>
  path[0] === 'stacks' &&
  (path.length === 2 ||
    (path.length === 4 && (path[2] === 'users' || path[2] === 'shards')) ||
    (path.length === 6 && path[2] === 'shards' && path[4] === 'users')) &&
  path.at(-1) !== '__proto__';
