import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Milliseconds } from '../../contract/instant';
import { hasCode, unlessMissing } from '../error-code';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const POLL: Milliseconds = 50;
/** What stands in a draft's folder; nothing else is ever removed. */
const DRAFT_NAME = /^[0-9a-f]{32}$/;

/** Does work on files at once, with the rights of whoever owns them. */
export type AsOwner = <Result>(work: () => Result) => Result;

export interface DraftTimes {
  /** From this age on, a draft is taken for one whose process died; a change takes milliseconds. */
  readonly staleAfter: Milliseconds;
  readonly giveUpAt: number;
}

/**
 * The text that takes a file's place, of which there is one at a time.
 *
 * Beside the file stands a folder with the draft in it, under a name that is its own. Whoever has the folder has the turn: to put
 * a folder there works only while there is none, or an empty one. To commit is to rename _that draft in that folder_ over the file:
 * one step, which fails where another process took the turn meanwhile, be it that this one was stopped for an hour. So
 * no process ever has to be sure that another one is dead.
 */
export class Draft {
  private constructor(
    private readonly target: string,
    private readonly as: AsOwner,
    private readonly name: string,
    private readonly descriptor: number,
  ) {}

  /** @throws Error where others have the turn all the time */
  static async begin(target: string, as: AsOwner, { staleAfter, giveUpAt }: DraftTimes): Promise<Draft> {
    for (;;) {
      const draft = as(() => Draft.#tryToBegin(target, as));
      if (draft !== undefined) {
        as(() => removeLeftovers(target, staleAfter));
        return draft;
      }
      if (as(() => pushAsideIfStale(target, staleAfter))) continue;
      if (Date.now() > giveUpAt) throw alwaysTaken(target);
      await sleep(POLL);
    }
  }

  static #tryToBegin(target: string, as: AsOwner): Draft | undefined {
    const name = randomBytes(16).toString('hex');
    const own = asideOf(target);
    mkdirSync(own, { mode: OWNER_ONLY_FOLDER });
    let descriptor: number | undefined;
    try {
      descriptor = openSync(join(own, name), 'wx', OWNER_ONLY);
      renameSync(own, turnOf(target));
      return new Draft(target, as, name, descriptor);
    } catch (error) {
      if (descriptor !== undefined) closeSync(descriptor);
      removeFolder(own);
      // ENOENT: this process was stopped for so long that another one removed its folder.
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** Once. */
  write(text: string): void {
    writeFileSync(this.descriptor, text, 'latin1');
    fsyncSync(this.descriptor);
  }

  /** Makes the new file another user's, with the mode that the old one has. */
  giveTo(owner: { readonly uid: number; readonly gid: number; readonly mode: number }): void {
    fchownSync(this.descriptor, owner.uid, owner.gid);
    fchmodSync(this.descriptor, owner.mode & 0o777);
  }

  /** @returns false where another process took the turn, and the file is as that one left it */
  commit(): boolean {
    return this.as(() => {
      try {
        renameSync(join(turnOf(this.target), this.name), this.target);
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
        if (hasCode(error, 'EBUSY', 'EXDEV')) throw isMount(this.target, error);
        throw error;
      }
      removeEmpty(turnOf(this.target));
      return true;
    });
  }

  /** After this nothing of the draft is left, whether it was committed or not. */
  end(): void {
    closeSync(this.descriptor);
    this.as(() => {
      rmSync(join(turnOf(this.target), this.name), { force: true });
      removeEmpty(turnOf(this.target));
    });
  }
}

const turnOf = (target: string): string => `${target}.iam-key-rotation`;
const asideOf = (target: string): string => `${turnOf(target)}.${randomBytes(16).toString('hex')}`;

/** Whatever is there now, which may be a fresh one by then: its process sees that it has lost its turn, and begins again. */
function pushAsideIfStale(target: string, staleAfter: Milliseconds): boolean {
  if (!isStale(turnOf(target), staleAfter)) return false;
  const aside = asideOf(target);
  unlessMissing(() => renameSync(turnOf(target), aside));
  removeFolder(aside);
  return true;
}

/** What processes left that died between two steps. */
function removeLeftovers(target: string, staleAfter: Milliseconds): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(`${basename(turnOf(target))}.`) && isStale(path, staleAfter)) removeFolder(path);
  }
}

/** Whatever the clock: a date in the future is as stale as one in the past. */
function isStale(path: string, staleAfter: Milliseconds): boolean {
  const stats = unlessMissing(() => lstatSync(path));
  return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) > staleAfter;
}

/** Removes a folder of a draft, or what an older version had in its place: a file. */
function removeFolder(path: string): void {
  if (unlessMissing(() => lstatSync(path))?.isDirectory() === false) {
    rmSync(path, { force: true });
    return;
  }
  for (const name of unlessMissing(() => readdirSync(path)) ?? [])
    if (DRAFT_NAME.test(name)) rmSync(join(path, name), { force: true });
  removeEmpty(path);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Gone already, or somebody has begun another draft in its place.
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
  }
}

const alwaysTaken = (target: string): Error =>
  new Error(
    `${turnOf(target)} exists all the time, because other processes change the file, too. Try again.`,
  );

const isMount = (target: string, cause: unknown): Error =>
  new Error(`${target} cannot be replaced, because the file is a mount: mount its folder instead.`, {
    cause,
  });
