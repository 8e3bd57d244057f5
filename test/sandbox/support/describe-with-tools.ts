import { missingTools } from '../../../sandbox/missing-tools';

/**
 * `describe` for tests that need the sandbox and Terraform. Where a tool is missing they are skipped, and the reason
 * and the remedy are printed; in CI that is a failure.
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
    console.warn(`Skipped: ${name}\n${missing.join('\n')}`);
    describe.skip(name, tests);
  }
}
