import { safetyPage } from './assumption-pages';
import { keepCurrent } from './keep-current';

/*
 * Writes what was never checked on a real account from cli/verify-account/assumptions.ts, into docs/safety.md.
 * With --check it writes nothing, and fails if the page is out of date.
 */

async function generate(check: boolean): Promise<void> {
  await keepCurrent('docs/safety.md', safetyPage, check);
}

void generate(process.argv.includes('--check'));
