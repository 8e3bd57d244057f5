import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { EXIT_CODES } from '../interruption';
import { tell } from '../print';
import { answerProblem } from './answer-problem';
import type { Answers } from './configuration-text';

/** What is known before anybody is asked: of the options, and of the credentials in use. */
export interface Known {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  readonly emails: readonly string[];
  readonly users: readonly string[];
}

export type Said = Required<{ readonly [Part in keyof Known]: NonNullable<Known[Part]> }>;

/** Puts one question. `suggested` is taken where nothing is typed. */
export type Ask = (question: string, suggested?: string) => Promise<string>;

/** Asks for each answer until the configuration can have it; what is known is suggested. */
export async function askAll(ask: Ask, known: Known): Promise<Said> {
  const accountId = await untilGood(ask, 'AWS account', known.accountId, (text) => ({ accountId: text }));
  const region = await untilGood(ask, 'Region of the secrets and functions', known.region, (text) => ({
    region: text,
  }));
  const emails = await untilGood(
    ask,
    'E-mail addresses that are notified when something fails, with commas between them',
    known.emails.join(', '),
    (text) => ({ emails: parts(text) }),
  );
  const users = await untilGood(
    ask,
    'IAM users whose keys are to be rotated, with commas between them',
    known.users.join(', '),
    (text) => ({ users: parts(text).map((userName) => ({ userName, exists: false })) }),
  );
  return { accountId, region, emails: parts(emails), users: parts(users) };
}

async function untilGood(
  ask: Ask,
  question: string,
  suggested: string | undefined,
  asAnswer: (text: string) => Partial<Answers>,
): Promise<string> {
  for (;;) {
    const text = await ask(question, suggested);
    const problem = answerProblem(asAnswer(text));
    if (problem === undefined) return text;
    tell(problem);
  }
}

export const parts = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Asks on the terminal. @throws Error where the input ends before the last answer */
export async function onTerminal<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that asks takes Ctrl-C for itself.
  terminal.on('SIGINT', () => {
    tell('\nStopped. Nothing was written.');
    process.exit(EXIT_CODES.SIGINT);
  });
  const ended = once(terminal, 'close').then(() => {
    throw new Error('The input ended before the last answer. Nothing was written.');
  });
  try {
    const asked = work(async (question, suggested) => {
      const typed = await terminal.question(`${question}${suggested ? ` [${suggested}]` : ''}: `);
      return typed.trim() || (suggested ?? '');
    });
    return await Promise.race([asked, ended]);
  } finally {
    ended.catch(() => undefined); // It is closed on purpose now.
    terminal.close();
  }
}
