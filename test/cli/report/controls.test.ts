import { controlsOf, otherRotations } from '../../../cli/report/controls';
import { writePage } from '../../../cli/report/page';
import { reportOf } from '../../../cli/report/report';
import { someFacts } from './support/facts';

it.each([
  [0, 0, 'none failed'],
  [2, 0, '2 failed'],
  [0, 1, 'none failed, of 1 no end was seen'],
  [2, 3, '2 failed, of 3 no end was seen'],
])(
  '%d rotations that failed and %d under way are told apart',
  (rotationsFailed, rotationsWithoutEnd, text) => {
    expect(otherRotations({ rotationsFailed, rotationsWithoutEnd })).toBe(text);
  },
);

describe('a rotation that is still under way', () => {
  const document = reportOf(someFacts(8));
  const { numbers } = document;
  const underWay = {
    ...document,
    numbers: { ...numbers, rotationsSucceeded: 4, rotationsFailed: 0, rotationsWithoutEnd: 2 },
  };
  const pageOf = (one: typeof document): string => {
    const pieces: string[] = [];
    writePage(one, (piece) => pieces.push(piece));
    return pieces.join('');
  };

  it('is no failed one in the controls', () => {
    const found = controlsOf(underWay).flatMap((control) => control.found);

    expect(found).toContain('4 rotations succeeded in the period, none failed, of 2 no end was seen.');
  });

  it('is no failed one on the page, and asks for no attention', () => {
    const [, mark, more] =
      /<div class="tile ([^"]*)">\s*<dt>Rotations<\/dt>[\s\S]*?class="more">([^<]*)</.exec(
        pageOf(underWay),
      ) ?? [];

    expect(more).toBe('succeeded, none failed, of 2 no end was seen');
    expect(mark).toBe('');
  });
});
