import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { SECOND, type Milliseconds } from '../../contract/instant';
import { hasCode, unlessMissing } from '../error-code';
import { actingAs, ROOT } from './acting-as';
import { type AsOwner, Draft } from './draft';
import { findPlace, type Place } from './find-place';

/** What becomes of a text, or an error that says why it stays as it is. */
export type Change = (text: string) => string | Promise<string>;

export interface Patience {
  /** @default 10 seconds */
  readonly staleAfter?: Milliseconds;
  /** @default 20 seconds */
  readonly waitAtMost?: Milliseconds;
}

interface OldFile {
  readonly text: string;
  readonly stats: BigIntStats;
}

/**
 * Replaces a file by what `change` makes of it, in one step: whoever reads sees the old one or the new one, and after a
 * crash one of them is there. Processes that call this at the same time wait for each other, and none loses what another
 * one wrote. Symbolic links stay.
 *
 * The file's folder is made where it is missing, such as `~/.aws`, and no other: a path that is misspelt further up is an error.
 *
 * The text is latin1, one character for each byte. The file is its owner's alone afterwards. Root acts as the user to whom the
 * folder belongs; in a folder of root's own, a file of somebody else keeps its owner and its mode.
 *
 * @returns whether the text was changed
 * @throws Error where there is no place for the file, or somebody else could lead this process to another one
 */
export async function replaceFile(path: string, change: Change, patience: Patience = {}): Promise<boolean> {
  const { staleAfter = 10 * SECOND, waitAtMost = 20 * SECOND } = patience;
  const giveUpAt = Date.now() + waitAtMost;
  for (;;) {
    const place = findPlace(path, process.geteuid?.());
    const as = asOwner(place);
    as(() => makeFolder(dirname(place.path)));
    const draft = await Draft.begin(place.path, as, { staleAfter, giveUpAt });
    let result: 'changed' | 'the same' | 'nothing to do' | 'again';
    try {
      result = await fill(draft, place.path, { as, user: place.user, change });
    } finally {
      draft.end();
    }
    if (result !== 'again') return result === 'changed';
    if (Date.now() > giveUpAt) throw new Error(`${place.path} is changed by others all the time. Try again.`);
  }
}

/** Again, if somebody who does not know of the draft, such as `aws configure`, writes meanwhile, or has taken the turn. */
async function fill(
  draft: Draft,
  path: string,
  { as, user, change }: { as: AsOwner; user: number | undefined; change: Change },
): Promise<'changed' | 'the same' | 'nothing to do' | 'again'> {
  const before = as(() => readOld(path));
  const text = before?.text ?? '';
  const changed = await change(text);
  const isOwn = before === undefined || user === undefined || before.stats.uid === BigInt(user);
  if (changed === text && before !== undefined && (!isOwn || isOwnersAlone(before.stats)))
    return 'nothing to do';
  draft.write(changed);
  if (!isOwn) giveBack(draft, path, { user, stats: before.stats });
  if (
    !isSame(
      before?.stats,
      as(() => unlessMissing(() => lstatSync(path, { bigint: true }))),
    )
  )
    return 'again';
  if (!draft.commit()) return 'again';
  return changed === text ? 'the same' : 'changed';
}

const asOwner =
  ({ path, user }: Place): AsOwner =>
  (work) => {
    try {
      return actingAs(user, work);
    } catch (error) {
      if (user === process.geteuid?.() || !hasCode(error, 'EACCES', 'EPERM')) throw error;
      throw new Error(
        `${path} is written as user ${user}, to whom the folder belongs, and that user may not: ${String(error)}`,
        { cause: error },
      );
    }
  };

/** Owner, mode and text are those of one file, whatever is put in its place meanwhile. */
function readOld(path: string): OldFile | undefined {
  // Not to wait for whoever writes into it, if it is a pipe.
  const descriptor = unlessMissing(() =>
    openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) throw new Error(`${path} is no file with a text. Name another one.`);
    return { text: readFileSync(descriptor, 'latin1'), stats };
  } finally {
    closeSync(descriptor);
  }
}

function giveBack(
  draft: Draft,
  path: string,
  { user, stats }: { user: number | undefined; stats: BigIntStats },
): void {
  const [uid, gid, mode] = [Number(stats.uid), Number(stats.gid), Number(stats.mode)];
  if (user !== ROOT)
    throw new Error(`${path} belongs to user ${uid}, and this is user ${user}: run this as its owner.`);
  draft.giveTo({ uid, gid, mode });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

const isOwnersAlone = ({ mode }: BigIntStats): boolean => (mode & 0o077n) === 0n;

const isSame = (one: BigIntStats | undefined, other: BigIntStats | undefined): boolean =>
  one?.ino === other?.ino && one?.mtimeNs === other?.mtimeNs && one?.size === other?.size;
