import type { Milliseconds } from '../../contract/instant';
import { inWords } from './asking';
import type { Assumption, Finding } from './assumption';
import type { Resource } from './resources';
import type { VerifyAccountDocument } from './verify-account-document';

/** What became of one assumption. */
export interface Outcome {
  readonly assumption: Assumption;
  /** `failed`: the check could not be brought to its end, so nothing is known. */
  readonly verdict: Finding['verdict'] | 'failed';
  readonly seen: string;
  /** 0 for what the command does not try. */
  readonly took: Milliseconds;
}

export interface Report {
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601. */
  readonly began: string;
  readonly outcomes: readonly Outcome[];
  /** What could not be removed. */
  readonly left: readonly Resource[];
}

/** In the order in which a person wants to read them. */
const VERDICTS: readonly Outcome['verdict'][] = ['does not hold', 'failed', 'not tried', 'holds'];

/**
 * 1: something does not hold. 2: nothing is known to be wrong, but something that the command tries could not be tried, or is
 * left in the account. 0: everything that it tries holds, and nothing is left.
 */
export function exitStatus({ outcomes, left }: Report): 0 | 1 | 2 {
  if (outcomes.some(({ verdict }) => verdict === 'does not hold')) return 1;
  const tried = outcomes.filter(({ assumption }) => assumption.proof.by === 'command');
  return left.length === 0 && tried.every(({ verdict }) => verdict === 'holds') ? 0 : 2;
}

export function asText(report: Report): string {
  const { outcomes, accountId, region, left } = report;
  const blocks = VERDICTS.flatMap((verdict) =>
    outcomes.filter((outcome) => outcome.verdict === verdict).map(block),
  );
  const counts = VERDICTS.map(
    (verdict) => `${outcomes.filter((outcome) => outcome.verdict === verdict).length} ${SUMMARY[verdict]}`,
  );
  const summary = `Account ${accountId}, region ${region}: ${counts.join(', ')}.`;
  return [...blocks, ...(left.length === 0 ? [] : [whatIsLeft(left)]), summary].join('\n\n');
}

const SUMMARY: Readonly<Record<Outcome['verdict'], string>> = {
  'does not hold': 'do not hold',
  failed: 'failed',
  'not tried': 'were not tried',
  holds: 'hold',
};

function block({ assumption, verdict, seen }: Outcome): string {
  const { id, sentence, restsOnIt, source } = assumption;
  return [
    `${verdict.toUpperCase()}  ${id}`,
    `  ${sentence}`,
    `  Seen: ${seen}`,
    `  On it rests: ${restsOnIt}.`,
    `  Source: ${source.page}`,
  ].join('\n');
}

export const whatIsLeft = (left: readonly Resource[]): string =>
  [
    'Not removed:',
    ...left.map(({ kind, name }) => `  ${kind} ${name}`),
    'Remove it with: npx iam-key-rotation verify-account --only-clean-up',
  ].join('\n');

/** For scripts. */
export function asJson({ outcomes, left, ...facts }: Report): VerifyAccountDocument {
  const assumptions = outcomes.map(({ assumption, verdict, seen, took }) => ({
    id: assumption.id,
    sentence: assumption.sentence,
    verdict,
    seen,
    restsOnIt: assumption.restsOnIt,
    source: assumption.source.page,
    seconds: Math.round(took / 1000),
  }));
  return { version: 1, ...facts, left: [...left], assumptions };
}

/** One line for stderr, when a check has ended. */
export const progressLine = ({ assumption, verdict, took }: Outcome): string =>
  `${verdict.padEnd('does not hold'.length)}  ${assumption.id}  (${inWords(took)})`;
