import { simulate } from '../in-own-process';
import { NOTIFICATION_CHECKS } from './exhaustive';

it('people hear of every fault and of its end, in whichever order reports come and whichever call fails', async () => {
  const printed = await simulate('--every', 'notification');
  for (const name of Object.keys(NOTIFICATION_CHECKS))
    expect(printed).toMatch(new RegExp(`^${name}: \\d{2,} histories, every rule held$`, 'm'));
});
