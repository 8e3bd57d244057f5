import {
  pairRotations,
  type RotationEvent,
  type RotationEventName,
} from '../../../cli/report/pair-rotations';

const events = (...told: readonly (readonly [at: number, name: string, user?: string])[]): RotationEvent[] =>
  told.map(([at, name, user = 'ci']) => ({
    ...{ at: at * 1000, user, name: `Rotation${name}` as RotationEventName },
    why: name === 'Failed' ? `failure at ${at}` : undefined,
  }));

const short = (found: ReturnType<typeof pairRotations>): readonly string[] =>
  found.map(
    ({ user, startedAt, endedAt, result, failures }) =>
      `${user} ${startedAt === undefined ? '?' : startedAt / 1000}-${endedAt === undefined ? '?' : endedAt / 1000} ${result} ${failures}`,
  );

describe('the rotations in a list of events', () => {
  it('are each beginning with its end, whatever the order of the events', () => {
    const told = events([9, 'Succeeded'], [5, 'Started'], [1, 'Started'], [3, 'Succeeded']);
    expect(short(pairRotations(told))).toEqual(['ci 1-3 succeeded 0', 'ci 5-9 succeeded 0']);
  });

  it('are those of each user by itself', () => {
    const told = events([1, 'Started'], [2, 'Started', 'mail'], [3, 'Succeeded'], [4, 'Abandoned', 'mail']);
    expect(short(pairRotations(told))).toEqual(['ci 1-3 succeeded 0', 'mail 2-4 abandoned 0']);
  });

  it('go on after a failure, and have failed where nothing else follows', () => {
    const told = events(
      [1, 'Started'],
      [2, 'Failed'],
      [3, 'Failed'],
      [4, 'Succeeded'],
      [6, 'Started'],
      [7, 'Failed'],
    );
    expect(short(pairRotations(told))).toEqual(['ci 1-4 succeeded 2', 'ci 6-7 failed 1']);
    expect(pairRotations(told).map(({ why }) => why)).toEqual(['failure at 3', 'failure at 7']);
  });

  it('have no end where none was seen, and no beginning where it was before the period', () => {
    expect(short(pairRotations(events([1, 'Succeeded'], [3, 'Started'], [5, 'Started'])))).toEqual([
      'ci ?-1 succeeded 0',
      'ci 3-? noEnd 0',
      'ci 5-? noEnd 0',
    ]);
  });

  it('end before another one begins in the same second', () => {
    const told = events([1, 'Started'], [2, 'Started'], [2, 'Succeeded'], [2, 'Failed'], [4, 'Succeeded']);
    expect(short(pairRotations(told))).toEqual(['ci 1-2 succeeded 1', 'ci 2-4 succeeded 0']);
  });
});
