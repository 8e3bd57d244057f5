import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { notificationsPage, runbookPage, telemetryPage } from '../../../release/generate/fault-pages';

const DOCS = join(__dirname, '../../../docs');
const read = (file: string): string => readFileSync(join(DOCS, file), 'utf8');

/** Without the blanks and dashes that Prettier lines tables up with. */
const words = (page: string): string => page.replaceAll(/[\s-]+/g, ' ');

it.each([
  ['telemetry.md', telemetryPage],
  ['notifications.md', notificationsPage],
  ['runbook.md', runbookPage],
])(
  'the pages about faults say in docs/%s what contract/faults.ts says; else run npm run generate',
  (file, pageOf) => {
    expect(words(read(file))).toBe(words(pageOf(read(file))));
  },
);

const section = (heading: string, rest: string): string => `# Runbook\n\n## ${heading}\n\nold\n\n${rest}\n`;

it('the runbook keeps what is written by hand, and has the rest anew', () => {
  const page = runbookPage(section('unmanaged-key', '**More.** By hand.\n\n**To verify.** Look.'));
  expect(page).toContain('**Message.** Unmanaged access key found (warning).');
  expect(page).toContain('\n\n**More.** By hand.\n\n**To verify.** Look.');
  expect(page).not.toContain('old');
});

it.each([
  [
    'whose heading is no fault',
    section('no-such-fault', '**To verify.** Look.'),
    'no-such-fault is no fault',
  ],
  ['that does not say how to verify', section('unmanaged-key', 'Look.'), 'has no paragraph'],
])('the runbook admits no section %s', (_what, page, message) => {
  expect(() => runbookPage(page)).toThrow(message);
});

it('a page that is generated in part needs the lines between which it is written', () => {
  expect(() => telemetryPage('# Metrics')).toThrow('<!-- gauges:start -->');
});
