import { Narrator } from '../../../sandbox/demo/narrator';

describe('the narrator of the demo', () => {
  const narrate = (coloured: boolean, tell: (narrator: Narrator) => void): string => {
    let text = '';
    tell(new Narrator((more) => (text += more), coloured));
    return text;
  };

  it('the narrator numbers the chapters, and aligns tables and times', () => {
    const text = narrate(false, (narrator) => {
      narrator.chapter('Rotate');
      narrator.moment(0, 'createSecret');
      narrator.moment(12.345, 'finishSecret');
      narrator.table([
        ['key', 'in IAM'],
        ['…ABCD', 'Inactive'],
      ]);
      narrator.chapter('Destroy');
    });

    expect(text).toBe(
      [
        '',
        '1. Rotate [0 s]',
        '     0.0 s  createSecret',
        '    12.3 s  finishSecret',
        '   key     in IAM',
        '   …ABCD   Inactive',
        '',
        '2. Destroy [0 s]',
        '',
      ].join('\n'),
    );
  });

  it('the narrator writes colours only where it is told that there is a terminal', () => {
    const tell = (narrator: Narrator): void => narrator.good('it works');

    expect(narrate(false, tell)).toBe('   ok  it works\n');
    expect(narrate(true, tell)).toContain('\u001b[32mok\u001b[39m');
  });
});
