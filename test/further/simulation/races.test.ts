import { SCENARIOS } from '../../simulation/exhaustive';
import { simulate } from '../../simulation/in-own-process';

it('every scenario ends well, whichever other process or person acts in between, at whichever place', async () => {
  const printed = await simulate('--every', 'race');
  for (const { name } of SCENARIOS)
    expect(printed).toMatch(new RegExp(`^${name}: \\d{3,} histories, every rule held$`, 'm'));
});
