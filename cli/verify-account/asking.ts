import { setTimeout as sleep } from 'node:timers/promises';

import { SECOND, type Milliseconds } from '../../contract/instant';

/** How AWS refused a call. */
export interface Refusal {
  /** As the SDK names it: `ResourceExistsException`. */
  readonly code: string;
  readonly message: string;
}

/**
 * How AWS refused it; undefined if AWS did it.
 *
 * @throws what is no refusal: no answer, an error of AWS's own, or a failure of this program.
 */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const status = statusOf(error);
    if (!(error instanceof Error) || status === undefined || status < 400 || status >= 500) throw error;
    return { code: error.name, message: error.message };
  }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  return (error.$metadata as { readonly httpStatusCode?: number }).httpStatusCode;
}

export interface Waiting {
  readonly signal: AbortSignal;
  /** How long it is asked for. */
  readonly limit: Milliseconds;
  /** @default a second */
  readonly interval?: Milliseconds;
}

export interface Answered<Answer> {
  readonly answer: Answer;
  readonly after: Milliseconds;
}

/** Asks until there is an answer. Undefined: there was none within the limit. */
export async function askUntil<Answer>(
  ask: () => Promise<Answer | undefined>,
  { signal, limit, interval = SECOND }: Waiting,
): Promise<Answered<Answer> | undefined> {
  const began = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return { answer, after: Date.now() - began };
    if (Date.now() - began + interval > limit) return undefined;
    await sleep(interval, undefined, { signal });
  }
}

/** Does it again while AWS refuses it with one of these codes, because something new is not known everywhere yet. */
export async function persistently<Output>(
  act: () => Promise<Output>,
  codes: RegExp,
  { signal, limit, interval = 2 * SECOND }: Waiting,
): Promise<Output> {
  const began = Date.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      const mayPass = error instanceof Error && codes.test(error.name) && Date.now() - began < limit;
      if (!mayPass) throw error;
    }
    await sleep(interval, undefined, { signal });
  }
}

export const pause = async (ms: Milliseconds, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal });
};

/** `8.3 s`, `4 min` */
export const inWords = (ms: Milliseconds): string =>
  ms < 120 * SECOND
    ? `${Number((ms / SECOND).toFixed(1))} s`
    : `${Number((ms / (60 * SECOND)).toFixed(1))} min`;
