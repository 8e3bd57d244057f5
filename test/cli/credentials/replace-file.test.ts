import {
  chmodSync,
  chownSync,
  existsSync,
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

(process.getuid?.() === 0 ? it : it.skip)(
  'replacing a file leaves the file its owner’s if root writes it',
  async () => {
    writeFileSync(file, 'old');
    chownSync(file, 1234, 5678);
    await replaceFile(file, append(' new'));
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 5678 });
  },
);
