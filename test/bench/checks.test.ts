import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checksOf } from '../../bench/checks';

it('the checks that are measured are those of .ci/run, with what it sets for them', () => {
  const { setting, commands } = checksOf(readFileSync(join(__dirname, '../../.ci/run'), 'utf8'));
  expect(setting).toMatch(/^export CI=true/);
  expect(commands[0]).toBe('npm ci');
  expect(commands).toContain('npm test');
  expect(commands.length).toBeGreaterThan(3);
});

it('a script without commands is no .ci/run', () => {
  expect(() => checksOf('set -e\n')).toThrow('.ci/run is expected to have a line with export');
  expect(() => checksOf('export CI=true\nnpm ci\nmake\n')).toThrow('and nothing else');
});
