import type { Fault } from '../../../../sandbox/front/faults';

/** One call of a function: the service, the action, and the how manieth call of that action it is. */
export interface FunctionCall {
  readonly name: string;
  readonly service: 'iam' | 'secretsmanager' | 'dynamodb' | 'sts';
  readonly action: string;
  /** Counted from 1, over all steps. */
  readonly nth: number;
  /** How often it is sent at most, where no clear answer comes: changes of keys and labels once, see `changeOnce`. */
  readonly tries: 1 | 3;
}

/** Sent again only where AWS throttled them. */
const CHANGES_SENT_ONCE: readonly string[] = [
  'UpdateAccessKey',
  'DeleteAccessKey',
  'UpdateSecretVersionStage',
];

/** What happens to one call. */
export interface Mishap {
  readonly name: string;
  readonly call: FunctionCall;
  readonly fault: Fault;
  /** How many of the SDK's tries of the call it befalls. */
  readonly times: number;
  /** What came of it takes longer than the SDK's own tries: time passes before the next step, or the next try. */
  readonly isLasting: boolean;
}

/** What can happen to a call. Those of one group leave the same state behind, and the function as wise as before. */
const GROUPS: readonly Readonly<Record<string, Fault>>[] = [
  {
    'its answer is lost': { kind: 'loseAnswer' },
    'it is done and answered with 500': { kind: 'status500', done: true },
    'it is done and answered too late for the SDK': { kind: 'slow', ms: 60_000 },
  },
  {
    'its connection is cut': { kind: 'cut' },
    'it is answered with 500': { kind: 'status500' },
    'it is throttled beyond the SDK’s patience': { kind: 'throttle' },
  },
  { 'the function is killed before it': { kind: 'killFunction', when: 'before' } },
  { 'the function is killed after it': { kind: 'killFunction', when: 'after' } },
];

export const KILLED_AFTER: Fault = { kind: 'killFunction', when: 'after' };
export const KILLED_BEFORE: Fault = { kind: 'killFunction', when: 'before' };
export const ANSWER_LOST: Fault = { kind: 'loseAnswer' };
export const CUT: Fault = { kind: 'cut' };

/** AWS's clear no, which the SDK does not ask for again. */
export const REFUSED: Fault = {
  kind: 'refuse',
  code: 'AccessDenied',
  message: 'A service control policy denies it.',
  status: 403,
};

/** What the SDK gets over by itself if it happens to one of its tries. */
export const GLITCHES: Readonly<Record<string, Fault>> = {
  'the answer is lost': { kind: 'loseAnswer' },
  'the connection is cut': { kind: 'cut' },
  'it is answered with 500': { kind: 'status500' },
  'it is done and answered with 500': { kind: 'status500', done: true },
  'it is throttled': { kind: 'throttle' },
};

/**
 * Every call with a mishap of every group. Within a group the mishaps take turns over the calls, because they differ
 * in HTTP only; `FAULTS=all` has every call meet every mishap, which takes twice as long.
 */
export function mishapsOf(calls: readonly FunctionCall[]): readonly Mishap[] {
  return calls.flatMap((call, index) =>
    GROUPS.flatMap((group) =>
      Object.entries(group)
        .filter((_, turn, all) => process.env['FAULTS'] === 'all' || turn === index % all.length)
        .map(([name, fault]) => mishap(call, name, fault)),
    ),
  );
}

/** A mishap that outlasts the SDK's tries of the call. */
export const mishap = (call: FunctionCall, name: string, fault: Fault): Mishap => ({
  name: `${call.name}: ${name}`,
  call,
  fault,
  times: timesOf(call, fault),
  isLasting: true,
});

function timesOf({ action, tries }: FunctionCall, { kind }: Fault): number {
  if (kind === 'killFunction' || kind === 'refuse') return 1;
  return kind === 'throttle' && CHANGES_SENT_ONCE.includes(action) ? 3 : tries;
}

/**
 * The same mishap to the first of the SDK's tries of every call that is repeated: to the first, third, fifth … request
 * of each action, because each is followed by the SDK's second.
 */
export function glitchesOf(actions: readonly string[], fault: Fault): readonly Mishap[] {
  return actions.flatMap((action) =>
    Array.from({ length: 25 }, (_, index) => {
      const [call] = countCalls([[`request ${String(2 * index + 1)}`, action]]);
      return { name: '', call: { ...call!, nth: 2 * index + 1 }, fault, times: 1, isLasting: false };
    }),
  );
}

/** Names for a list of calls, counted by action. */
export function countCalls(
  calls: readonly (readonly [name: string, call: string])[],
): readonly FunctionCall[] {
  const seen = new Map<string, number>();
  return calls.map(([name, call]) => {
    const nth = (seen.get(call) ?? 0) + 1;
    seen.set(call, nth);
    const [service, action] = call.split(':') as [FunctionCall['service'], string];
    const tries = [...CHANGES_SENT_ONCE, 'CreateAccessKey', 'GetCallerIdentity'].includes(action) ? 1 : 3;
    return { name: `${call} (${name})`, service, action, nth, tries };
  });
}
