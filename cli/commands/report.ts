import { Command, InvalidArgumentError } from 'commander';

import { DAY, type Instant } from '../../contract/instant';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import { EVENT_HISTORY_DAYS } from '../event-history';
import { describeCommand } from '../help';
import { mayBeInterrupted } from '../interruption';
import { isSamePlace } from '../place-of-file';
import { LOOK_AT_USERS, READ_EVENT_HISTORY } from '../policy/permission';
import { print, printLargeJson, tell } from '../print';
import { writeCsv } from '../report/csv';
import { writePage } from '../report/page';
import type { Period } from '../report/read-history';
import { readReport } from '../report/read-report';
import { reportDocument, type ReportDocument } from '../report/report-document';
import { reportOf } from '../report/report';
import { requireFree, writeReport } from '../report/file-of-report';
import { openStack } from '../stack';

interface Options extends StackOptions, JsonOption {
  readonly html?: string | true;
  readonly csv?: string;
  readonly force?: boolean;
  readonly days: number;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly mostEvents: number;
}

/** At two pages of 50 a second, each kind of event takes some minutes at most. */
const MOST_EVENTS = 20_000;

/** `report`: what an auditor asks for, in one file. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('report'))), {
    summary: 'write the evidence for an audit as one HTML file',
    description:
      'Write what an auditor asks for as one HTML file that needs nothing else: the ages of all keys against their policy, ' +
      'rotations, holds, exemptions, who read which secret, faults, the controls that AWS maps to the rotation of keys, and ' +
      'what could not be seen. It is read from the account alone: the table, IAM, Secrets Manager, and the event history of ' +
      `CloudTrail, which has ${EVENT_HISTORY_DAYS} days and answers twice a second. Nothing is changed.`,
    examples: [
      { title: 'Write the report of the last 90 days', text: 'iam-key-rotation report' },
      {
        title: 'Write one of October, and the same for a spreadsheet',
        text: 'iam-key-rotation report --since 2026-10-01 --until 2026-11-01 --html october.html --csv october.csv',
      },
    ],
    exitCodes: { 0: 'the report is written, whatever it says' },
    document: reportDocument,
    permissions: [...LOOK_AT_USERS, READ_EVENT_HISTORY],
  })
    .option(
      '--html [file]',
      'the page; without a name <prefix>-report-<day>.html; also without --html, --csv and --json',
    )
    .option('--csv <file>', 'the same as one table, for a spreadsheet')
    .option('--force', 'write over a file that is there')
    .option(
      '--days <days>',
      `the period: so many days until --until, at most ${EVENT_HISTORY_DAYS}`,
      toDays,
      EVENT_HISTORY_DAYS,
    )
    .option(
      '--since <moment>',
      'the beginning of the period, such as 2026-10-01, in place of --days',
      toMoment,
    )
    .option('--until <moment>', 'the end of the period; without it now', toMoment)
    .option(
      '--most-events <number>',
      'of each kind of event, the newest so many are read',
      toNumber,
      MOST_EVENTS,
    )
    .action(async (options: Options) => {
      const document = await mayBeInterrupted('No report was written.', () => report(options));
      if (options.json === true) await printLargeJson(document, 2);
    });
}

/** Writes the files. */
async function report(options: Options): Promise<ReportDocument> {
  const { csv, json = false, force = false, mostEvents } = options;
  const named = typeof options.html === 'string' ? options.html : undefined;
  for (const path of [named, csv]) if (path !== undefined) requireFree(path, { force });
  requireTwoFiles(named, csv);
  requireOrder(options);
  const stack = await openStack(options);
  const now = stack.clock.now();
  const wantsPage = options.html !== undefined || (csv === undefined && !json);
  const page = wantsPage
    ? (named ?? `${stack.prefix}-report-${new Date(now).toISOString().slice(0, 10)}.html`)
    : undefined;
  if (page !== undefined) requireFree(page, { force });
  requireTwoFiles(page, csv);
  const period = periodOf(options, now);
  const document = reportOf(await readReport(stack, { period, mostEvents }));
  if (page !== undefined) writeReport(page, (write) => writePage(document, write), { force });
  if (csv !== undefined) writeReport(csv, (write) => writeCsv(document, write), { force });
  for (const path of [page, csv]) {
    if (path === undefined) continue;
    (json ? tell : print)(`Written: ${path}`);
  }
  if (document.numbers.unseen > 0) {
    tell(
      `${document.numbers.unseen} things could not be seen. The report says which, under "What could not be seen".`,
    );
  }
  return document;
}

function periodOf({ since, until, days }: Options, now: Instant): Period {
  const end = Math.min(until ?? now, now);
  const period = { from: since ?? end - days * DAY, until: end };
  requireOrder({ since: period.from, until: period.until });
  return period;
}

function requireOrder({ since, until }: Pick<Options, 'since' | 'until'>): void {
  if (since === undefined || until === undefined || since < until) return;
  throw new Error(
    `The period ends (${new Date(until).toISOString()}) before it begins (${new Date(since).toISOString()}). Look at --since and --until.`,
  );
}

function requireTwoFiles(page: string | undefined, csv: string | undefined): void {
  if (page === undefined || csv === undefined || !isSamePlace(page, csv)) return;
  throw new Error(`The page and the table would both be ${page}. Give --html and --csv two files.`);
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= EVENT_HISTORY_DAYS) return days;
  throw new InvalidArgumentError(
    `It is a whole number of days from 1 to ${EVENT_HISTORY_DAYS}, which the event history of CloudTrail has.`,
  );
}

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It is a whole number, 1 or more.');
}

/** A day alone begins at midnight, UTC. */
function toMoment(text: string): Instant {
  const [, day = '', time = 'T00:00:00Z'] = MOMENT.exec(text) ?? [];
  const moment = Date.parse(`${day}${time}`);
  // Date.parse takes 2026-02-31 for the 3rd of March.
  if (day !== '' && !Number.isNaN(moment) && isDay(day)) return moment;
  throw new InvalidArgumentError(
    'It is a day of the calendar, such as 2026-10-01, or a moment, such as 2026-10-01T12:00:00Z.',
  );
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
