import { describeOutcome } from '../../../cli/commands/roll-back';
import { keyId } from '../../handlers/support/fixtures';

const [current, rejected] = [keyId(), keyId()];

test('the output of a rollback names the key that is current again, and what happens to the other', () => {
  const text = describeOutcome({ outcome: 'returned', currentKeyId: current, rejectedKeyId: rejected });
  expect(text).toMatch(new RegExp(`^${current} is current again; ${rejected} stays usable`));
});

test('a person who names the previous key reads that nothing was done and which key to name', () => {
  const text = describeOutcome({ outcome: 'leftAlready', currentKeyId: current, rejectedKeyId: rejected });
  expect(text).not.toContain('is current again');
  expect(text).toMatch(new RegExp(`nothing was done, because ${rejected} is a previous key already`));
  expect(text).toContain(`name it: --leave ${current}`);
});
