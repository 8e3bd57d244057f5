import { execFileSync } from 'node:child_process';

import { inSingleQuotes, shellWord } from '../../cli/shell-word';
import { TEXTS_WITH_A_MEANING } from '../hostile/support/hostile';

// A shell takes no text with a NUL in it, and half a character cannot be written.
const TEXTS = TEXTS_WITH_A_MEANING.filter((text) => !text.includes('\0') && text !== '\ud800');

it.each([
  ['shellWord', shellWord],
  ['inSingleQuotes', inSingleQuotes],
])('a shell reads each text that %s gives as the one word that it is', (_name, wordOf) => {
  const line = TEXTS.map((text) => wordOf(text)).join(' ');
  const read = execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`]);

  expect(read.toString().split('\0').slice(0, -1)).toEqual(TEXTS);
});

it('what means nothing to a shell is easier to read without quotation marks', () => {
  expect(shellWord('arn:aws:iam::111122223333:user/a+b')).toBe('arn:aws:iam::111122223333:user/a+b');
});
