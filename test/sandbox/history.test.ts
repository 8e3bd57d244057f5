import { History } from '../../sandbox/history';

const HOUR = 3_600_000;

it('a history forgets what is older than it is kept for, by the clock that it was given', () => {
  let now = 0;
  const history = new History<string>(HOUR, () => now);
  history.add('first');
  now = HOUR;
  history.add('second');
  expect(history.all()).toEqual(['first', 'second']);
  now = HOUR + 1;
  expect(history.all()).toEqual(['second']);
  now = 3 * HOUR;
  history.add('third');
  expect(history.all()).toEqual(['third']);
  now = 5 * HOUR;
  expect(history.all()).toEqual([]);
});

it('a history without a limit keeps everything, and what is read of it stays as it was', () => {
  let now = 0;
  const history = new History<string>(undefined, () => now);
  history.add('first');
  const read = history.all();
  now = 100 * 365 * 24 * HOUR;
  history.add('second');
  expect(read).toEqual(['first']);
  expect(history.all()).toEqual(['first', 'second']);
});
