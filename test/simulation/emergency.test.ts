import { simulateEmergency } from './in-own-process';

it.each(['20260105', '20261129', '1'])(
  'an emergency of 500 users, killed ten times at random (seed %s) and started again: every key is replaced, none twice, R1 to R15 hold',
  async (seed) => {
    const printed = await simulateEmergency('--users', '500', '--kills', '10', '--seed', seed);
    expect(printed).toMatch(
      /emergency of 500 users, .* killed 10 times .*: every key replaced, none twice, every rule held$/m,
    );
  },
);
