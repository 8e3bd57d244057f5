import { SCENARIOS } from './exhaustive';
import { simulate } from './in-own-process';

it('every scenario ends well, whichever call fails in whichever way, and at whichever two acts its processes die', async () => {
  const printed = await simulate('--every', 'crash');
  for (const { name } of SCENARIOS)
    expect(printed).toMatch(new RegExp(`^${name}: \\d{2,} histories, every rule held$`, 'm'));
});
