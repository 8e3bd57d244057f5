import { execFileSync } from 'node:child_process';

import { cpuSecondsIn, measuredCommand } from '../../../bench/support/measured-command';

const here = { folder: __dirname, env: process.env };

it('a command is measured with all that it runs', async () => {
  const busy = `${process.execPath} -e "while (process.cpuUsage().user < 300_000);"`;
  const { seconds, cpuSeconds } = await measuredCommand(`true && ${busy}`, here);
  expect(seconds).toBeGreaterThan(0);
  expect(cpuSeconds).toBeGreaterThanOrEqual(0.3);
});

it('what a command says is heard as it comes', async () => {
  let heard = '';
  const onOutput = (text: string): unknown => (heard += text);
  await measuredCommand('echo said; echo complained >&2', { ...here, onOutput });
  expect(heard).toContain('said\n');
  expect(heard).toContain('complained\n');
});

it('a command gets its arguments as they are', () =>
  expect(measuredCommand('test "$1" = "a b"', { ...here, args: ['a b'] })).resolves.toBeDefined());

it('a command that fails is told with what it said', () =>
  expect(measuredCommand('echo said; echo complained >&2; exit 3', here)).rejects.toThrow(
    /ended with 3: said\n\ncomplained\n/,
  ));

it('the shell says what its children had of the processors', () => {
  const [own, children] = execFileSync('sh', ['-c', 'true; times'], { encoding: 'utf8' }).trim().split('\n');
  expect(cpuSecondsIn(`some words of the command\n${own!}\n${children!}\n`)).toBeLessThan(5);
  expect(cpuSecondsIn('0m0.010000s 0m0.020000s\n1m2.340000s 0m3.260000s\n')).toBe(65.6);
  expect(() => cpuSecondsIn('killed')).toThrow('did not say what the command took');
});
