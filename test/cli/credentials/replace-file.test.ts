import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replaceFile } from '../../../cli/credentials/replace-file';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
  file = join(folder, 'credentials');
});
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const append = (end: string) => (text: string) => text + end;

it('replacing a file makes the file and its folder where there is none, for its owner alone', async () => {
  const deep = join(folder, '.aws', 'credentials');
  expect(await replaceFile(deep, append('new'))).toBe(true);
  expect(readFileSync(deep, 'utf8')).toBe('new');
  expect([mode(deep), mode(join(folder, '.aws'))]).toEqual(['600', '700']);
});

it('replacing a file says so where the path is of a folder', async () => {
  await expect(replaceFile(folder, append('new'))).rejects.toThrow(`${folder} is a folder. Name a file`);
});

it('replacing a file makes no folders for a path that is misspelt', async () => {
  const misspelt = join(folder, 'hmoe', '.aws', 'credentials');
  await expect(replaceFile(misspelt, append('new'))).rejects.toThrow(
    `There is no folder ${join(folder, 'hmoe')}. Look at the path`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

it('replacing a file puts a new file in the old one’s place, so that nobody reads half of it', async () => {
  writeFileSync(file, 'old');
  const { ino } = statSync(file);
  expect(await replaceFile(file, append(' new'))).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('old new');
  expect(statSync(file).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(['credentials']);
});

it('replacing a file takes the file away from others, even if there is nothing to change', async () => {
  writeFileSync(file, 'old');
  chmodSync(file, 0o644);
  expect(await replaceFile(file, append(''))).toBe(false);
  expect([mode(file), readFileSync(file, 'utf8')]).toEqual(['600', 'old']);
});

it('replacing a file does not touch the file if there is nothing to change', async () => {
  writeFileSync(file, 'old', { mode: 0o600 });
  const { ino, mtimeMs } = statSync(file);
  expect(await replaceFile(file, append(''))).toBe(false);
  expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  expect(readdirSync(folder)).toEqual(['credentials']);
});

it('replacing a file keeps bytes that are no text', async () => {
  const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0d, 0x0a]);
  writeFileSync(file, bytes);
  await replaceFile(file, append('!'));
  expect(readFileSync(file)).toEqual(Buffer.concat([bytes, Buffer.from('!')]));
});

it('replacing a file follows links, and leaves them', async () => {
  mkdirSync(join(folder, 'dotfiles'));
  writeFileSync(join(folder, 'dotfiles', 'credentials'), 'old');
  symlinkSync('dotfiles/credentials', join(folder, 'second'));
  symlinkSync('second', file);
  await replaceFile(file, append(' new'));
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readlinkSync(join(folder, 'second'))).toBe('dotfiles/credentials');
  expect(readFileSync(join(folder, 'dotfiles', 'credentials'), 'utf8')).toBe('old new');
});

it('replacing a file follows a link to a file that is not there yet', async () => {
  symlinkSync('dotfiles/credentials', file);
  await replaceFile(file, append('new'));
  expect(readFileSync(join(folder, 'dotfiles', 'credentials'), 'utf8')).toBe('new');
});

it('replacing a file says so if the links lead in a circle', async () => {
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  await expect(replaceFile(join(folder, 'a'), append('x'))).rejects.toThrow('leads in a circle');
});

it('replacing a file loses none of many changes at the same time', async () => {
  const marks = Array.from({ length: 20 }, (_, index) => `<${index}>`);
  await Promise.all(marks.map((mark) => replaceFile(file, append(mark))));
  const text = readFileSync(file, 'utf8');
  expect(marks.filter((mark) => !text.includes(mark))).toEqual([]);
});

it('replacing a file changes what somebody else has written in between, not what was there before', async () => {
  writeFileSync(file, 'old');
  let times = 0;
  await replaceFile(file, (text) => {
    times += 1;
    if (times === 1) writeFileSync(file, 'theirs, meanwhile');
    return `${text} ours`;
  });
  expect(readFileSync(file, 'utf8')).toBe('theirs, meanwhile ours');
  expect(times).toBe(2);
});

it('a replacement that fails leaves the file as it was, and nothing beside it', async () => {
  writeFileSync(file, 'old');
  const fail = () => {
    throw new Error('no');
  };
  await expect(replaceFile(file, fail)).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual(['credentials']);
  expect(readFileSync(file, 'utf8')).toBe('old');
});

it('replacing a file is not held up by what a process left that died', async () => {
  const beside = `${file}.iam-key-rotation`;
  writeFileSync(beside, 'half');
  const longAgo = new Date(Date.now() - 11_000);
  utimesSync(beside, longAgo, longAgo);
  await replaceFile(file, append('new'));
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(existsSync(beside)).toBe(false);
});

it('replacing a file follows no link through a folder where others may write', async () => {
  mkdirSync(join(folder, 'shared'));
  writeFileSync(join(folder, 'shared', 'credentials'), 'old');
  chmodSync(join(folder, 'shared'), 0o777);
  symlinkSync('shared/credentials', file);
  await expect(replaceFile(file, append(' new'))).rejects.toThrow(
    `leads through ${join(folder, 'shared')}, where other users may write`,
  );
  expect(readFileSync(join(folder, 'shared', 'credentials'), 'utf8')).toBe('old');
});

it('replacing a file refuses what is no file with a text', async () => {
  execFileSync('mkfifo', [file]);
  await expect(replaceFile(file, append('new'))).rejects.toThrow(`${file} is no file with a text`);
  expect(readdirSync(folder)).toEqual(['credentials']);
});

it('a process that lost its turn changes what the one after it wrote', async () => {
  const seen: string[] = [];
  await replaceFile(file, async (text) => {
    seen.push(text);
    if (seen.length === 1) {
      const longAgo = new Date(Date.now() - 11_000);
      utimesSync(`${file}.iam-key-rotation`, longAgo, longAgo);
      await replaceFile(file, append('other'));
    }
    return `${text}own`;
  });
  expect(seen).toEqual(['', 'other']);
  expect(readFileSync(file, 'utf8')).toBe('otherown');
  expect(readdirSync(folder)).toEqual(['credentials']);
});

const describeAsRoot = process.geteuid?.() === 0 ? describe : describe.skip;

describeAsRoot('When root writes a credentials file (these tests need root),', () => {
  const USER = 1234;
  const give = (path: string): void => lchownSync(path, USER, USER);
  let home: string;
  let theirs: string;
  let roots: string;
  beforeEach(() => {
    chmodSync(folder, 0o755);
    home = join(folder, 'home');
    theirs = join(home, 'credentials');
    roots = join(folder, 'roots');
    mkdirSync(home);
    give(home);
    writeFileSync(roots, "root's own", { mode: 0o600 });
  });
  const stillOfRoot = (): void => {
    expect(readFileSync(roots, 'utf8')).toBe("root's own");
    expect(statSync(roots)).toMatchObject({ uid: 0, gid: 0 });
    expect(mode(roots)).toBe('600');
  };
  const identity = (): unknown => [process.geteuid!(), process.getegid!(), process.getgroups!()];

  it('a file in a folder of root’s own keeps its owner and its mode', async () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    chownSync(file, USER, 5678);
    await replaceFile(file, append(' new'));
    expect(statSync(file)).toMatchObject({ uid: USER, gid: 5678 });
    expect(mode(file)).toBe('640');
  });

  it('it acts as the user whose folder it is, and is root again afterwards', async () => {
    const before = identity();
    await replaceFile(join(home, '.aws', 'credentials'), append('new'));
    expect(statSync(join(home, '.aws', 'credentials')).uid).toBe(USER);
    expect([statSync(join(home, '.aws')).uid, mode(join(home, '.aws'))]).toEqual([USER, '700']);
    await expect(
      replaceFile(theirs, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(identity()).toEqual(before);
  });

  it.each(['the user may not read', 'the user may read'])(
    'a link of the user’s to a file of root’s that %s leads nowhere',
    async (what) => {
      symlinkSync(roots, theirs);
      give(theirs);
      if (what === 'the user may read') chmodSync(roots, 0o644);
      await expect(replaceFile(theirs, append('!'))).rejects.toThrow('EACCES');
      chmodSync(roots, 0o600);
      stillOfRoot();
      expect(readdirSync(folder).sort()).toEqual(['home', 'roots']);
    },
  );

  it('a file of root’s that the user put into the user’s folder is left alone', async () => {
    linkSync(roots, theirs);
    await expect(replaceFile(theirs, append('!'))).rejects.toThrow('EACCES');
    stillOfRoot();
    expect(readdirSync(home)).toEqual(['credentials']);
  });

  it('a link that takes the file’s place meanwhile is not followed', async () => {
    writeFileSync(theirs, 'old');
    give(theirs);
    let times = 0;
    const swapOnce = (text: string): string => {
      if ((times += 1) === 1) {
        rmSync(theirs);
        symlinkSync(roots, theirs);
        give(theirs);
      }
      return `${text}!`;
    };
    await expect(replaceFile(theirs, swapOnce)).rejects.toThrow('EACCES');
    stillOfRoot();
  });

  it('a way through the folders of two users is refused', async () => {
    const between = join(home, 'between');
    mkdirSync(between);
    chownSync(between, 4321, 4321);
    await expect(replaceFile(join(between, 'credentials'), append('!'))).rejects.toThrow(
      'leads through folders or links of user 4321',
    );
    expect(readdirSync(between)).toEqual([]);
  });

  it('a folder in which everybody may put files in the place of others is refused', async () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    await expect(replaceFile(join(shared, 'credentials'), append('!'))).rejects.toThrow(
      `leads through ${shared}, where other users may write`,
    );
  });

  it('a file that is a mount of its own is refused, and nothing is left beside it', async () => {
    const real = join(folder, 'real');
    writeFileSync(real, 'old', { mode: 0o600 });
    writeFileSync(file, '');
    try {
      execFileSync('mount', ['--bind', real, file], { stdio: 'pipe' });
    } catch (error) {
      // Root of a container without the right to mount.
      console.info(`not tried: ${String(error)}`);
      return;
    }
    try {
      await expect(replaceFile(file, append(' new'))).rejects.toThrow('mount its folder instead');
      expect(readdirSync(folder).sort()).toEqual(['credentials', 'home', 'real', 'roots']);
    } finally {
      execFileSync('umount', [file]);
    }
    expect(readFileSync(real, 'utf8')).toBe('old');
  });
});
