import { visible } from '../../contract/visible';

it.each([
  ['what a terminal obeys', 'a\u001b[31mb\rc\u0000', 'a\\u{1b}[31mb\\u{d}c\\u{0}'],
  [
    'the end of a line, in each of its forms',
    'a\nb\u0085c\u2028d\u2029e',
    'a\\u{a}b\\u{85}c\\u{2028}d\\u{2029}e',
  ],
  ['what turns the direction, or has no width', 'a\u202eb\u200bc', 'a\\u{202e}b\\u{200b}c'],
  ['half a character', 'a\ud800', 'a\\u{d800}'],
  ['a command of GitHub', '  ::stop-commands::x', '  \\u{3a}:stop-commands::x'],
  ['an older command of GitHub', 'a ##[set-env name=x]', 'a \\u{23}#[set-env name=x]'],
  ['a command of Azure', '##vso[task.setvariable]', '\\u{23}#vso[task.setvariable]'],
])('foreign text is shown without %s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(visible(text))).toBe(shown);
});

it.each(['arn:aws:iam::111122223333:user/a', 'Zoë 👩 ## heading', 'a::b', 'C:\\temp'])(
  'foreign text that is harmless is shown as it is: %s',
  (text) => {
    expect(visible(text)).toBe(text);
  },
);
