import type { Ask } from '../on-terminal';
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
