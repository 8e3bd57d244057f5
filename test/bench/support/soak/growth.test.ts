import { at, growthBetween, growthPerHour } from '../../../../bench/support/soak/growth';

const line = (from: number, perMinute: number, minutes: number) =>
  Array.from({ length: 2 * minutes + 1 }, (_, index) => ({
    minute: index / 2,
    megabytes: from + (perMinute * index) / 2,
  }));

it('memory that stays as it is has not grown', () => {
  const flat = line(80, 0, 60);
  expect(growthBetween(flat, { from: 10, to: 60, minutes: 10 })).toBe(0);
  expect(growthPerHour(flat)).toBe(0);
});

it('memory that grows evenly has grown from the middle of the first minutes to the middle of the last', () => {
  const growing = line(80, 0.5, 60);
  expect(growthPerHour(growing)).toBeCloseTo(30);
  expect(growthBetween(growing, { from: 10, to: 60, minutes: 10 })).toBeCloseTo(20.25);
});

it('one sample that stands out matters little', () => {
  const samples = line(80, 0, 60).with(-1, { minute: 60, megabytes: 100 });
  expect(growthBetween(samples, { from: 10, to: 60, minutes: 10 })).toBe(1);
});

it('what was measured nearest to a minute stands for it', () => {
  const samples = [0, 9.8, 10.4, 30].map((minute) => ({ minute, megabytes: minute }));
  expect([0, 10, 60].map((minute) => at(samples, minute))).toEqual([0, 9.8, 30]);
});

it.each([
  ['a line through one sample', () => growthPerHour([{ minute: 0, megabytes: 1 }])],
  ['minutes without a sample', () => growthBetween(line(1, 0, 5), { from: 10, to: 60, minutes: 10 })],
  ['a minute of nothing', () => at([], 10)],
])('%s is an error', (_, of) => {
  expect(of).toThrow();
});
