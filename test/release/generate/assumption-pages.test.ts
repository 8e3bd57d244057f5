import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

it('docs/safety.md says of the assumptions what cli/verify-account/assumptions.ts says', () => {
  const project = resolve(__dirname, '../../..');
  const script = ['--import', 'tsx', 'release/generate/assumptions.ts', '--check'];
  expect(() => execFileSync(process.execPath, script, { cwd: project, stdio: 'pipe' })).not.toThrow();
});
