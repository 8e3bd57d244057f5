import type { RecordedCall } from '../../sandbox/front/recorder';
import type { LocalAws } from '../../sandbox/local-aws';
import { Terminal } from '../../sandbox/terminal/carry-out';

const call = (action: string, parameters: object, errorCode?: string): RecordedCall =>
  ({ time: new Date(0), service: 'sns', action, parameters, errorCode }) as unknown as RecordedCall;

let said: string[];
let calls: RecordedCall[];
let terminal: Terminal;
let aws: Pick<LocalAws, 'clockShiftMs' | 'now' | 'calls'>;
beforeEach(() => {
  [said, calls] = [[], []];
  aws = { clockShiftMs: 0, now: () => new Date(aws.clockShiftMs), calls: () => calls };
  terminal = new Terminal(aws as LocalAws, (line) => void said.push(line));
});

it.each([
  ['+30m', 30 * 60_000],
  ['+ 25h', 25 * 3_600_000],
  ['+7d', 7 * 86_400_000],
])('the clock of the local AWS is set ahead by %s', async (line, shift) => {
  await terminal.carryOut(line);
  expect(aws.clockShiftMs).toBe(shift);
  expect(said).toEqual([`It is ${new Date(shift).toISOString()}. Nothing has run yet: run`]);
});

it('the clock of the local AWS stays as it is where there is no such time', async () => {
  await terminal.carryOut('+99999999999d');
  expect(aws.clockShiftMs).toBe(0);
  expect(said).toEqual(['The clock goes ahead by 100 years at most. It stays as it is.']);
});

it('the messages that the local AWS took are shown once each, without those that it refused', async () => {
  calls.push(
    call('Publish', { Subject: 'A key', Message: 'one\ntwo' }),
    call('Publish', { Subject: 'refused' }, 'AuthorizationError'),
    call('Subscribe', {}),
  );
  await terminal.carryOut('mails');
  await terminal.carryOut('mails');
  expect(said).toEqual(['1970-01-01T00:00:00.000Z  A key', '    one', '    two', 'No message was sent.']);
});

it('messages are shown once also where the local AWS has forgotten calls meanwhile', async () => {
  const [first, second, third] = ['first', 'second', 'third'].map((Subject) =>
    call('Publish', { Subject, Message: '' }),
  );
  calls.push(first!, second!);
  await terminal.carryOut('mails');
  said.length = 0;
  calls.splice(0, 1);
  calls.push(third!);
  await terminal.carryOut('mails');
  calls.splice(0);
  await terminal.carryOut('mails');
  expect(said).toEqual(['1970-01-01T00:00:00.000Z  third', '    ', 'No message was sent.']);
});

it('the local AWS says what can be typed where it does not know what was, and goes on after an error', async () => {
  await terminal.carryOut('sync');
  expect(said.join('\n')).toContain('mails   show');
  aws.calls = () => {
    throw new Error('It is gone.');
  };
  await terminal.carryOut('mails');
  expect(said.at(-1)).toBe('It is gone.');
});
