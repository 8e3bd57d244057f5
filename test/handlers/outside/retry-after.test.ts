import { retryAfterIn } from '../../../handlers/outside/retry-after';

const NOW = Date.UTC(2026, 10, 29, 12);

test.each([
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['-5', undefined],
  ['1e99', undefined],
  ['99999999999', undefined],
  ['soon', undefined],
  ['', undefined],
  ['Sun, nonsense GMT', undefined],
])('Retry-After %j is a pause of %j ms', (header, pause) => {
  expect(retryAfterIn(header, NOW)).toBe(pause);
});
