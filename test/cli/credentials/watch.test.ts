import { watch } from '../../../cli/credentials/watch';

it('a failure that lasts is told when it begins and when it is over, and the work is tried all the while', async () => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const answers = ['fine', 'down', 'down', 'denied', 'fine', 'fine'];
  await watch(
    async () => {
      const answer = answers.shift();
      if (answers.length === 0) process.emit('SIGTERM');
      if (answer !== 'fine') throw new Error(answer === 'down' ? 'It is down' : `It is ${answer}.`);
    },
    2,
    { info: say, error: say },
  );
  expect(said).toEqual([
    'It is down. It tries again every 0.002s.',
    'It is denied. It tries again every 0.002s.',
    'It works again.',
  ]);
});
