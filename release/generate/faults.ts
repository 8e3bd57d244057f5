import { notificationsPage, runbookPage, telemetryPage } from './fault-pages';
import { keepCurrent } from './keep-current';

/*
 * Writes what the docs say of faults from contract/faults.ts: the lists of docs/telemetry.md and docs/notifications.md,
 * and what the sections of docs/runbook.md begin with.
 * With --check it writes nothing, and fails if a page is out of date.
 */

async function generate(check: boolean): Promise<void> {
  await keepCurrent('docs/telemetry.md', telemetryPage, check);
  await keepCurrent('docs/notifications.md', notificationsPage, check);
  await keepCurrent('docs/runbook.md', runbookPage, check);
}

void generate(process.argv.includes('--check'));
