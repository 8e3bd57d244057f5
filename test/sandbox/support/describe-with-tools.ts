import { missingTools } from '../../../sandbox/missing-tools';

/**
 * `describe` for tests that need the sandbox and Terraform. Where a tool is missing they are skipped, with the reason
 * and the remedy in their name; in CI that is a failure.
 */
export function describeWithTools(name: string, tests: () => void): void {
  const missing = missingTools();
  if (missing.length === 0) {
    describe(name, tests);
  } else if (process.env['CI']) {
    describe(name, () => {
      test('has the tools that it needs', () => {
        throw new Error(missing.join('\n'));
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${missing.join(' ')})`, tests);
  }
}
