import type { ApiAnswer } from '../../../sandbox/front/api-call';
import type { LambdaFunction } from '../../../sandbox/lambda/functions';
import { LogDelivery } from '../../../sandbox/lambda/log-delivery';
import type { Moto } from '../../../sandbox/moto/moto';

const DAY = 86_400_000;
const FUNCTION = { region: 'eu-west-1', loggingConfig: { LogGroup: '/group' } } as unknown as LambdaFunction;

interface Question {
  readonly logStreamName: string;
  readonly logEvents: readonly { readonly message: string }[];
}

/** Has log streams, and keeps what is put into them for ever, as moto does. */
class LogStreams {
  readonly messages = new Map<string, string[]>();
  readonly moto = { json: (_: string, target: string, question: Question) => this.#answer(target, question) };

  #answer(target: string, { logStreamName, logEvents }: Question): Promise<ApiAnswer> {
    const action = target.split('.')[1];
    const existing = this.messages.get(logStreamName);
    if (action === 'DeleteLogStream') this.messages.delete(logStreamName);
    if (action === 'CreateLogStream' && existing !== undefined)
      return Promise.resolve(answer(400, 'ResourceAlreadyExistsException'));
    if (action === 'CreateLogStream') this.messages.set(logStreamName, []);
    if (action === 'PutLogEvents') existing?.push(...logEvents.map(({ message }) => message));
    return Promise.resolve(answer(200, '{}'));
  }
}

const answer = (status: number, body: string): ApiAnswer => ({
  status,
  headers: {},
  body: Buffer.from(body),
});

let streams: LogStreams;
let now: number;
const deliveryThatKeeps = (keptFor: number | undefined): LogDelivery =>
  new LogDelivery(streams.moto as unknown as Moto, { keptFor, now: () => now });
beforeEach(() => {
  streams = new LogStreams();
  now = 0;
});

it('the log of a function stays in its log group for ever, unless it is kept for some time alone', async () => {
  const delivery = deliveryThatKeeps(undefined);
  await delivery.deliver(FUNCTION, 'a', 'one\ntwo');
  now = 1_000 * DAY;
  await delivery.deliver(FUNCTION, 'a', 'three');
  expect([...streams.messages]).toEqual([['a', ['one', 'two', 'three']]]);
});

it('a log stream loses what is too old once that is the half of it, and keeps what is not', async () => {
  const delivery = deliveryThatKeeps(DAY);
  await delivery.deliver(FUNCTION, 'a', 'one');
  now = DAY;
  await delivery.deliver(FUNCTION, 'a', 'two');
  await delivery.deliver(FUNCTION, 'a', 'three');
  now = DAY + 1;
  await delivery.deliver(FUNCTION, 'a', 'four');
  expect(streams.messages.get('a')).toEqual(['one', 'two', 'three', 'four']);
  now = 2 * DAY;
  await delivery.deliver(FUNCTION, 'a', 'five');
  now = 2 * DAY + 1;
  await delivery.deliver(FUNCTION, 'a', 'six');
  expect(streams.messages.get('a')).toEqual(['four', 'five', 'six']);
});

it('a log stream of a process that has ended goes with the last of what is in it', async () => {
  const delivery = deliveryThatKeeps(DAY);
  await delivery.deliver(FUNCTION, 'a', 'one');
  now = 2 * DAY;
  await delivery.deliver(FUNCTION, 'b', 'two');
  expect([...streams.messages.keys()]).toEqual(['b']);
});

it('logs that come at the same time are all in the log stream', async () => {
  const delivery = deliveryThatKeeps(DAY);
  await Promise.all(['one', 'two', 'three'].map((log) => delivery.deliver(FUNCTION, 'a', log)));
  expect(streams.messages.get('a')).toEqual(['one', 'two', 'three']);
});
