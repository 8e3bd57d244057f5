import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSharedConfigFiles } from '@smithy/core/config';
import fc from 'fast-check';

import { withProfileKey } from '../../../cli/credentials/profile-text';
import { SecretMaterial } from '../../../contract/secret-material';

const key = (accessKeyId: string, secret: string) => ({
  accessKeyId,
  secretAccessKey: new SecretMaterial(secret),
  accountId: undefined,
  createdAt: undefined,
});
const NEW = key('AKIANEWEXAMPLE', 'new/secret+');
const PAIR = 'aws_access_key_id = AKIANEWEXAMPLE\naws_secret_access_key = new/secret+\n';
const write = (text: string, profile = 'app'): string => withProfileKey(text, profile, NEW);

it.each([
  ['an empty file', '', `[app]\n${PAIR}`],
  ['a file with another profile', '[a]\nx = 1\n', `[a]\nx = 1\n\n[app]\n${PAIR}`],
  ['a file that ends with an empty line', '[a]\nx = 1\n\n', `[a]\nx = 1\n\n[app]\n${PAIR}`],
  ['a file without a line break at its end', '[a]\nx = 1', `[a]\nx = 1\n\n[app]\n${PAIR}`],
  ['a file of comments', '# mine\n', `# mine\n\n[app]\n${PAIR}`],
])('the key of a profile is added to %s', (_what, before, after) => {
  expect(write(before)).toBe(after);
});

it('a key is replaced where it is, with its neighbours, comments, order and spaces as they were', () => {
  const before = [
    '# company-wide, do not edit',
    '[default]',
    'aws_access_key_id=AKIAOTHEREXAMPLE',
    'aws_secret_access_key=other',
    '',
    '; the application',
    '[app]  # since May',
    'region = eu-west-1',
    'AWS_SECRET_ACCESS_KEY   =   old/secret   ; from the vault',
    '  aws_access_key_id: AKIAOLDEXAMPLE',
    '#aws_access_key_id = AKIAVERYOLDEXAMPLE',
    'output = json',
    '[app2]',
    'aws_access_key_id = AKIATHIRDEXAMPLE',
    '',
  ].join('\n');
  expect(write(before)).toBe(
    before.replace('old/secret', 'new/secret+').replace('AKIAOLDEXAMPLE', 'AKIANEWEXAMPLE'),
  );
});

it('a key is completed where a half is missing', () => {
  expect(write('[app]\naws_access_key_id = AKIAOLDEXAMPLE\nregion = x\n')).toBe(
    '[app]\naws_secret_access_key = new/secret+\naws_access_key_id = AKIANEWEXAMPLE\nregion = x\n',
  );
  expect(write('[app]')).toBe(`[app]\n${PAIR}`);
  expect(write('[app]\n[b]\n')).toBe(`[app]\n${PAIR}[b]\n`);
});

it('a key takes the place of a session’s, whose token would make it useless', () => {
  expect(
    write(
      `[app]\n${PAIR}aws_session_token = abc==\naws_security_token = abc==\n[b]\naws_session_token = b\n`,
    ),
  ).toBe(`[app]\n${PAIR}[b]\naws_session_token = b\n`);
});

it('a key is written twice where the profile is there twice, so that every SDK reads the same', () => {
  const before = `[app]\naws_access_key_id = AKIAOLDEXAMPLE\naws_secret_access_key = old\n[b]\n[app]\naws_access_key_id = AKIAOLDEXAMPLE\n`;
  expect(write(before)).toBe(`[app]\n${PAIR}[b]\n[app]\naws_access_key_id = AKIANEWEXAMPLE\n`);
});

it('the line endings of Windows are kept, and lines with the same are added', () => {
  expect(write('[app]\r\naws_access_key_id = AKIAOLDEXAMPLE\r\n[b]\r\n')).toBe(
    '[app]\r\naws_secret_access_key = new/secret+\r\naws_access_key_id = AKIANEWEXAMPLE\r\n[b]\r\n',
  );
  expect(write('[b]\r\nx = 1')).toBe(`[b]\r\nx = 1\r\n\r\n[app]\r\n${PAIR.replaceAll('\n', '\r\n')}`);
});

it('a profile is found behind the mark that Windows puts at the beginning of a file', () => {
  const mark = Buffer.from('\ufeff').toString('latin1');
  expect(write(`${mark}[app]\n${PAIR.replace('NEW', 'OLD')}`)).toBe(`${mark}[app]\n${PAIR}`);
});

it('nested values of the same name are left alone', () => {
  const before = `[app]\ns3 =\n  aws_access_key_id = nested\n  x = 1\n${PAIR.replace('NEW', 'OLD')}`;
  expect(write(before)).toBe(before.replace('OLD', 'NEW'));
});

it.each(['my profile', 'Ünïcode', 'user@example.com', 'a.b/c:d', 'default'])(
  'a key goes into the profile "%s", and only there',
  (profile) => {
    const before = `[other]\nx = 1\n\n[${Buffer.from(profile).toString('latin1')}]\n${PAIR.replace('NEW', 'OLD')}[${Buffer.from(profile).toString('latin1')}s]\n`;
    expect(write(before, profile)).toBe(before.replace('OLD', 'NEW'));
  },
);

it('writing the same key a second time changes nothing', () => {
  const once = write('[a]\r\nx = 1');
  expect(write(once)).toBe(once);
});

it('bytes that are no text are kept', () => {
  const bytes = Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0x23, 0xff, 0xfe, 0x00, 0x0d, 0x78, 0x0a]).toString(
    'latin1',
  );
  expect(write(bytes)).toBe(`${bytes}\n[app]\n${PAIR}`);
});

it('a key is added to any file without changing what is there, and is what the SDK then reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-text-'));
  try {
    const line = fc.oneof(
      fc.constantFrom(
        '[a]',
        '[b b]',
        '# [app]',
        '; x',
        '',
        'region = eu-west-1',
        'x=1',
        '[app',
        's3 =',
        '  k = v',
      ),
      fc.string({ maxLength: 12 }).filter((text) => !/[\r\n[\]]/.test(text)),
    );
    const file = fc.tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(file, async ([lines, ending, isEnded]) => {
        const before = Buffer.from(lines.join(ending) + (isEnded ? ending : '')).toString('latin1');
        const after = write(before);
        expect(after.startsWith(before)).toBe(true);
        const filepath = join(folder, 'credentials');
        writeFileSync(filepath, after, 'latin1');
        const { credentialsFile } = await loadSharedConfigFiles({
          ...{ filepath, configFilepath: join(folder, 'none'), ignoreCache: true },
        });
        expect(credentialsFile['app']).toEqual({
          aws_access_key_id: 'AKIANEWEXAMPLE',
          aws_secret_access_key: 'new/secret+',
        });
        const other = key('AKIAOTHEREXAMPLE', 'other');
        expect(withProfileKey(after, 'app', other).length).toBe(
          after.length - 'AKIANEWEXAMPLEnew/secret+'.length + 'AKIAOTHEREXAMPLEother'.length,
        );
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
