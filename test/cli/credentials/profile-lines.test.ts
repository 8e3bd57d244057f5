import { joined, linesOf, propertyOf } from '../../../cli/credentials/profile-lines';
import { refuseUnclear } from '../../../cli/credentials/unclear-profile';

it.each([
  ['', []],
  ['\n', [['', '\n']]],
  [
    'a\nb',
    [
      ['a', '\n'],
      ['b', ''],
    ],
  ],
  [
    'a\r\n\r\nb\rc\n',
    [
      ['a', '\r\n'],
      ['', '\r\n'],
      ['b\rc', '\n'],
    ],
  ],
  ['a\r', [['a\r', '']]],
])('%j has its lines with their ends, and is joined of them again', (text, expected) => {
  const lines = linesOf(text);

  expect(lines.map(({ text: line, ending }) => [line, ending])).toEqual(expected);
  expect(joined(lines)).toBe(text);
});

it.each([
  ['region = eu-west-1 ', 'eu-west-1 '],
  ['region=', ''],
  ['region:  ', ''],
])('%j has the value %j', (text, value) => {
  expect(propertyOf({ text, ending: '' })).toMatchObject({ name: 'region', value });
});

// Another user of the machine may have written the file. With one look back for each blank it would take minutes.
it('a line of nothing but blanks and a return is read in one go', () => {
  const blanks = ' '.repeat(500_000);

  expect(propertyOf({ text: `a =${blanks}\rb${blanks}\r`, ending: '\n' })).toBeUndefined();
  expect(propertyOf({ text: `a =${blanks}b\rc`, ending: '\n' })).toBeUndefined();
});

it('a key with blanks in place of a secret is refused in one go', () => {
  expect(() => {
    refuseUnclear(`[app]\naws_secret_access_key =${' '.repeat(500_000)}a b\n`, {
      file: 'credentials',
      profile: 'app',
    });
  }).toThrow('credentials, line 2');
});
