import type { CostLine } from './monthly-costs';
import { costLines, FURTHER_LINES } from './monthly-costs';
import { PRICES } from './prices';
import type { Layout } from './stack-parts';
import { partsOf } from './stack-parts';

const USERS = [10, 100, 1_000];

/** The tables of docs/costs.md, in Markdown. */
export function costTables(): string {
  return [
    ...stackTables(layoutTable('per-user'), layoutTable('shared')),
    '### What is only there if it is asked for',
    table(FURTHER_LINES),
    '### The prices',
    priceTable(),
  ].join('\n\n');
}

function stackTables(perUser: string, shared: string): readonly string[] {
  if (perUser === shared) {
    return ['### A stack, with a function for each user or one for all', perUser];
  }
  return [
    '### A function for each user (`functions: per-user`)',
    perUser,
    '### One function for all users (`functions: shared`)',
    shared,
  ];
}

function layoutTable(layout: Layout): string {
  const lines = costLines(partsOf(layout));
  const total: CostLine = {
    what: '**all of it**',
    arithmetic: '',
    prices: [],
    dollars: (users) => lines.reduce((sum, { dollars }) => sum + dollars(users), 0),
  };
  return table([...lines, total]);
}

function table(lines: readonly CostLine[]): string {
  return [
    `| a month | reckoned | ${USERS.map((users) => `${users.toLocaleString('en-US')} users`).join(' | ')} |`,
    `| --- | --- |${' ---: |'.repeat(USERS.length)}`,
    ...lines.map(
      ({ what, arithmetic, prices, dollars }) =>
        `| ${what}${prices.every(({ verified }) => verified) ? '' : ' [u]'} | ${arithmetic} | ${USERS.map((users) => money(dollars(users))).join(' | ')} |`,
    ),
  ].join('\n');
}

function priceTable(): string {
  return [
    '| price | read on its page |',
    '| --- | --- |',
    ...Object.values(PRICES).map(
      ({ words, page, verified }) => `| ${words} | ${verified ? '2026-09-20' : 'no [u]'}: <${page}> |`,
    ),
  ].join('\n');
}

function money(dollars: number): string {
  if (dollars > 0 && dollars < 0.005) return 'under $0.01';
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
