import type { BigIntStats } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const OWNER_ONLY = 0o600;
const LOCK_POLL = 50;
/** A change takes milliseconds: what is older was left by a process that died. */
const LOCK_IS_STALE = 10_000;
const LOCK_WAIT = 20_000;

/**
 * Replaces a file by what `change` makes of it, in one step: whoever reads sees the old one or the new one, and after a
 * crash one of them is there. The new text is written beside the file, under a name that only one process can create, so
 * that no two of them make their changes from the same old text; then it takes the file's place. Symbolic links stay.
 *
 * The file's folder is made where it is missing, such as `~/.aws`, and no other: a path that is misspelt further up is an error.
 *
 * The text is latin1, one character for each byte. The file is its owner's alone afterwards.
 *
 * @returns whether the text was changed
 * @throws Error where there is no place for the file
 */
export async function replaceFile(path: string, change: (text: string) => string): Promise<boolean> {
  const target = await behindLinks(path);
  if ((await statOf(target))?.isDirectory() === true)
    throw new Error(`${path} is a folder. Name a file in it.`);
  await makeFolder(dirname(target));
  const beside = `${target}.iam-key-rotation`;
  const handle = await createAlone(beside);
  let result: 'changed' | 'the same' | 'nothing to do';
  try {
    result = await writeChanged(handle, target, change);
  } catch (error) {
    await handle.close();
    await rm(beside);
    throw error;
  }
  await handle.close();
  if (result === 'nothing to do') await rm(beside);
  else await rename(beside, target);
  return result === 'changed';
}

/** Again, if somebody who does not know of our lock, such as `aws configure`, writes meanwhile. */
async function writeChanged(
  handle: FileHandle,
  target: string,
  change: (text: string) => string,
): Promise<'changed' | 'the same' | 'nothing to do'> {
  for (;;) {
    const before = await statOf(target);
    const text = before === undefined ? '' : await readFile(target, 'latin1');
    const changed = change(text);
    if (changed === text && before !== undefined && isOwnersAlone(before)) return 'nothing to do';
    if (before !== undefined) await giveTo(before, handle, target);
    await handle.truncate();
    await handle.write(changed, 0, 'latin1');
    await handle.sync();
    if (isSame(before, await statOf(target))) return changed === text ? 'the same' : 'changed';
  }
}

/** Where root writes a user's file, it stays the user's. */
async function giveTo(before: BigIntStats, handle: FileHandle, target: string): Promise<void> {
  const { uid, gid } = await handle.stat({ bigint: true });
  if (uid === before.uid) return;
  try {
    await handle.chown(Number(before.uid), Number(before.gid));
  } catch (error) {
    throw new Error(
      `${target} belongs to user ${before.uid}, and this is user ${uid} (group ${gid}): run this as its owner.`,
      { cause: error },
    );
  }
}

async function createAlone(path: string): Promise<FileHandle> {
  const giveUpAt = Date.now() + LOCK_WAIT;
  for (;;) {
    try {
      return await open(path, 'wx', OWNER_ONLY);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const left = await statOf(path);
    if (left !== undefined && Date.now() - Number(left.mtimeMs) > LOCK_IS_STALE) {
      await rm(path, { force: true });
    } else if (Date.now() > giveUpAt) {
      throw new Error(
        `${path} exists all the time, because other processes change the file, too. Try again.`,
      );
    } else {
      await sleep(LOCK_POLL);
    }
  }
}

/** The file that a path means in the end, whether it is there or not. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new Error(
      `There is no folder ${dirname(folder)}. Look at the path of the file, or make the folder.`,
      {
        cause: error,
      },
    );
  }
}

async function behindLinks(path: string): Promise<string> {
  let current = resolve(path);
  for (let links = 0; links < 40; links += 1) {
    try {
      current = resolve(dirname(current), await readlink(current));
    } catch (error) {
      if (hasCode(error, 'EINVAL') || hasCode(error, 'ENOENT')) return current;
      throw error;
    }
  }
  throw new Error(`${path} is a symbolic link that leads in a circle.`);
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isOwnersAlone = ({ mode }: BigIntStats): boolean => (mode & 0o077n) === 0n;

const isSame = (one: BigIntStats | undefined, other: BigIntStats | undefined): boolean =>
  one?.ino === other?.ino && one?.mtimeNs === other?.mtimeNs && one?.size === other?.size;

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
