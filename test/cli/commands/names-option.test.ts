import { namesIn } from '../../../cli/commands/names-option';

it.each([
  ['one name', 'a', ['a']],
  ['several, with spaces between them', ' a, b ', ['a', 'b']],
  ['one of them twice, and nothing between two commas', 'a,,b,a', ['a', 'b']],
])('names with commas between them are read: %s', (_what, text, names) => {
  expect(namesIn(text)).toEqual(names);
});

it.each(['', ' ', ',', ' , ,'])('%j names nothing', (text) => {
  expect(() => namesIn(text)).toThrow('It names nothing.');
});
