import {
  harmless,
  inBlock,
  inCode,
  sentencesOf,
  shortenedTo,
} from '../../../../handlers/core/notifications/chat-text';

test.each([
  ['of everybody in Slack', '<!channel> <!here|here> <!everyone>', '‹!channel› ‹!here|here› ‹!everyone›'],
  [
    'of a person or a group in Slack',
    '<@U012AB3CD> <!subteam^SAZ94GDB8>',
    '‹＠U012AB3CD› ‹!subteam^SAZ94GDB8›',
  ],
  ['by a plain name', '@channel (@here) x@@everyone', '＠channel (＠here) x@＠everyone'],
  ['in Microsoft Teams', '<at>everyone</at>', '‹at›everyone‹/at›'],
  ['in the form of entities', '&lt;!channel&gt; &#60;!here&#62;', '＆lt;!channel＆gt; ＆#60;!here＆#62;'],
])('foreign text mentions nobody: a mention %s', (_what, text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test.each([
  ['of Slack', '<https://evil.example|the runbook>', '‹https[:]//evil.example|the runbook›'],
  ['of Markdown', '[the runbook](https://evil.example)', '[the runbook] (https[:]//evil.example)'],
  ['of Markdown, to mail', '[the runbook](mailto:x)', '[the runbook] (mailto:x)'],
  ['that is an address alone', 'see http://evil.example', 'see http[:]//evil.example'],
])('foreign text is no link: a link %s', (_what, text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test('names stay as they are, so that a command with them can be copied', () => {
  const command = 'aws iam list-access-keys --user-name legacy.mailer@example & echo a_b=c,+d';
  expect(harmless(command)).toBe(command);
});

test('foreign text cannot end its code, or turn the direction of writing', () => {
  expect(inCode('a` <!here> \u202E`b\nc', 100)).toBe("`a' ‹!here›  'b c`");
  expect(inBlock('one ```\n```two\u200B', 100)).toBe("```\none '''\n'''two \n```".replace('two \n', 'two\n'));
});

test('code that is too long is shortened within it', () => {
  expect(inCode('abcdef', 4)).toBe('`abc…`');
  expect(inBlock('abcdef', 4)).toBe('```\nabc…\n```');
});

test('a text is not cut within a character', () => {
  expect(shortenedTo(4, '12345')).toBe('123…');
  expect(shortenedTo(4, '12😀5')).toBe('12…');
  expect(shortenedTo(4, '1234')).toBe('1234');
});

test('a full stop in code, in a name or in a number ends no sentence', () => {
  expect(
    sentencesOf('Read `a. b` of v1.2.3. Then run `terraform apply`. If it fails, read v1.x: `aws x`'),
  ).toEqual(['Read `a. b` of v1.2.3.', 'Then run `terraform apply`.', 'If it fails, read v1.x: `aws x`']);
  expect(sentencesOf('')).toEqual([]);
});
