import { getMaxListeners } from 'node:events';

import { Account, type Run } from '../../../cli/verify-account/account';

it('all that the checks wait for at the same time may listen for the end, without a warning of Node.js', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
  const all = Account.of({ stopping: new AbortController().signal } as Run);
  for (const { signal } of [all, all.limitedTo(60_000)]) {
    for (let waiting = 0; waiting < 50; waiting += 1) signal.addEventListener('abort', () => waiting);
    expect(getMaxListeners(signal)).toBe(Infinity);
  }
  expect(warned).not.toHaveBeenCalled();
});
