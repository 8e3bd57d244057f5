import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

import { unlessMissing } from '../error-code';
import { ROOT } from './acting-as';

/** Where a file is, and whose it is to write there. */
export interface Place {
  /** Without symbolic links. The file, and the folder that it is in, may be missing. */
  readonly path: string;
  /** The user to act as: the caller, or for root the user to whom the folders on the way belong. */
  readonly user: number | undefined;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const MOST_LINKS = 40;

/**
 * Finds the file that a path means in the end. Symbolic links are followed only where nobody but the caller and root can
 * lead them elsewhere. Root goes no way at all that somebody else can change, but for the user that it acts as.
 *
 * @param caller the user id of this process; undefined where the system knows none
 * @throws Error where there is no such folder, and where somebody else could change the way
 */
export function findPlace(path: string, caller: number | undefined): Place {
  const start = resolve(path);
  const { root } = parse(start);
  const way = new Way(path, caller);
  let current = root;
  let rest = partsOf(start, root);
  let links = 0;
  way.enter(root, lstatSync(root));
  for (;;) {
    const [next, ...others] = rest;
    if (next === undefined) return { path: current, user: way.userToActAs() };
    const found = next === '..' ? dirname(current) : join(current, next);
    const stats = unlessMissing(() => lstatSync(found));
    if (stats === undefined && others.length > 1) throw noFolder(found);
    if (stats?.isSymbolicLink() === true) {
      if ((links += 1) > MOST_LINKS) throw new Error(`${path} is a symbolic link that leads in a circle.`);
      way.follow(stats);
      const target = readlinkSync(found);
      const isAbsolute = target.startsWith(root);
      if (isAbsolute) current = root;
      rest = [...partsOf(target, isAbsolute ? root : ''), ...others];
      continue;
    }
    if (stats?.isDirectory() === true) {
      if (others.length === 0) throw new Error(`${path} is a folder. Name a file in it.`);
      way.enter(found, stats);
    }
    current = found;
    rest = others;
  }
}

const partsOf = (path: string, root: string): string[] =>
  path
    .slice(root.length)
    .split(sep)
    .filter((part) => part !== '' && part !== '.');

const noFolder = (folder: string): Error =>
  new Error(`There is no folder ${folder}. Look at the path of the file, or make the folder.`);

/** The folders and links that lead to a file, and who could change them. */
class Way {
  readonly #owners = new Set<number>();
  #writable: string | undefined;
  #hasLinks = false;

  constructor(
    private readonly path: string,
    private readonly caller: number | undefined,
  ) {}

  enter(folder: string, { uid, mode }: Stats): void {
    this.#owners.add(uid);
    // In a sticky folder, such as /tmp, nobody but its owner can put something else in the place of what is there.
    if ((mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0) this.#writable ??= folder;
  }

  follow({ uid }: Stats): void {
    this.#owners.add(uid);
    this.#hasLinks = true;
  }

  userToActAs(): number | undefined {
    const { caller } = this;
    if (caller === undefined || (caller !== ROOT && !this.#hasLinks)) return caller;
    const others = [...this.#owners].filter((uid) => uid !== ROOT && uid !== caller);
    const [user = caller, stranger] = caller === ROOT ? others : [caller, ...others];
    if (stranger !== undefined)
      throw this.#refuse(`leads through folders or links of user ${stranger}, who could lead it elsewhere`);
    if (this.#writable !== undefined)
      throw this.#refuse(
        `leads through ${this.#writable}, where other users may write (take that from them: chmod go-w)`,
      );
    return user;
  }

  #refuse(reason: string): Error {
    return new Error(
      `${this.path} ${reason}. ${
        this.caller === ROOT ? "Run this as the file's owner." : 'Name the file by a path without links.'
      }`,
    );
  }
}
