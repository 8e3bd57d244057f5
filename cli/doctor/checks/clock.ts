import { SECOND } from '../../../contract/instant';
import { type Check, warning } from '../check';

export const clock: Check = {
  name: 'clock',
  looksAt: "this machine's clock and AWS's",
  // Everybody may ask who they are.
  permissions: [],
  run: ({ account: { clockOffset } }) =>
    Promise.resolve(
      clockOffset === 0
        ? []
        : [
            warning(
              'this machine',
              `Its clock is ${Math.abs(Math.round(clockOffset / SECOND))} seconds ${clockOffset > 0 ? 'behind' : 'ahead of'} AWS's.`,
              'Let the machine set its clock by the network (NTP). From 5 minutes on AWS refuses what it signs.',
            ),
          ],
    ),
};
