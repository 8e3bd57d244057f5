import { readBack, refuseUnclear } from '../../../cli/credentials/unclear-profile';
import { SecretMaterial } from '../../../contract/secret-material';

const PLACE = { file: '/home/app/.aws/credentials', profile: 'app' };
const refuse = (lines: readonly string[]) => () => {
  refuseUnclear(lines.join('\n'), PLACE);
};

describe('A credentials file that programs read in different ways', () => {
  it.each([
    ['a header with a comment at its bracket', ['[app];x'], 1, 'Write [name]'],
    ['a header with a word behind it', ['[a]', '[app] x'], 2, 'Write [name]'],
    ['a header in two brackets', ['[[app]]'], 1, 'Write [name]'],
    ['a header that is not closed', ['[a]', 'x = 1', '[app'], 3, 'Write [name]'],
    ['an indented header', ['[a]', 'x = 1', '  [app]'], 3, 'Write [name]'],
    ['another profile’s header of this kind', ['[app]', '[b];x', 'region = x'], 2, 'Write [name]'],
    ['a secret with a comment', ['[app]', 'aws_secret_access_key = a # old'], 2, 'aws_secret_access_key = …'],
    ['a secret of several words', ['[app]', 'aws_secret_access_key = a b c'], 2, 'aws_secret_access_key = …'],
    ['a key id behind a colon', ['[app]', 'aws_access_key_id: A'], 2, 'Write it as aws_access_key_id = …'],
    ['a name in capitals', ['[app]', 'AWS_ACCESS_KEY_ID = A'], 2, 'Write it as aws_access_key_id = …'],
    ['an indented key', ['[app]', 'region = x', '', ' aws_access_key_id = A'], 4, 'Take the spaces'],
    ['an indented token', ['[app]', 'region = x', ' aws_session_token = A'], 3, 'Take the spaces'],
    [
      'an indented line below a key',
      ['[app]', 'aws_access_key_id = A', '# x', '  b = 1'],
      4,
      'Take the spaces',
    ],
    ['an indented line below the header', ['[app]', '  region = x'], 2, 'Take the spaces'],
    ['a line before the first profile', ['root:x:0:0:root:/root:/bin/bash'], 1, 'no credentials file'],
    ['a return within a line', ['[app]', 'region = x\raws_access_key_id = A'], 2, 'carriage return'],
  ])('is refused with line and remedy: %s', (_what, lines, line, remedy) => {
    expect(refuse(lines)).toThrow(`/home/app/.aws/credentials, line ${line}: `);
    expect(refuse(lines)).toThrow(remedy);
  });

  it.each([
    ['comments of every kind', ['# x', '; y', '[app] # since May', 'region = x', '  # z', '#[app', ';[[b]]']],
    ['nested values', ['[app]', 's3 =', '  aws_access_key_id = nested', '  x = 1', 'aws_access_key_id = A']],
    ['what is odd in another profile alone', ['[b]', 'AWS_ACCESS_KEY_ID: A # x', '  more', '[app]', 'x = 1']],
    ['Windows’ mark and line endings', ['\u00ef\u00bb\u00bf[app]\r', 'aws_access_key_id = A\r', '']],
  ])('is not one with %s', (_what, lines) => {
    refuse(lines)();
  });
});

describe('A changed credentials file', () => {
  const key = {
    ...{ accessKeyId: 'AKIANEWEXAMPLE', secretAccessKey: new SecretMaterial('new/secret+') },
    ...{ accountId: undefined, createdAt: undefined },
  };
  const text = (profile: string, secret: string): string =>
    `[other]\nx = 1\n[${profile}]\naws_access_key_id = AKIANEWEXAMPLE\naws_secret_access_key = ${secret}\n`;
  const read = (after: string, profile = 'app', before = '[other]\nx = 1\n'): Promise<void> =>
    readBack(before, after, { ...PLACE, profile }, key);

  it('is taken where the SDK reads the new key in it, and every other profile as before', async () => {
    await read(text('app', 'new/secret+'));
    await read(text('my app', 'new/secret+'), 'my app');
  });

  it.each([
    ['the profile has another secret', text('app', 'other'), 'app'],
    ['the profile has a session’s token, too', `${text('app', 'new/secret+')}aws_session_token = t\n`, 'app'],
    ['another profile reads differently', text('app', 'new/secret+').replace('x = 1', 'x = 2'), 'app'],
    ['the SDK reads no such name', text('__proto__', 'new/secret+'), '__proto__'],
  ])('is refused where %s', async (_what, after, profile) => {
    const refusal = read(after, profile);
    await expect(refusal).rejects.toThrow(`${PLACE.file}: with the key in profile ${profile}, the AWS SDK`);
    await expect(refusal).rejects.not.toThrow('new/secret+');
  });
});
