import type { Fault } from '../../../../sandbox/front/faults';

/** One call of a function: the service, the action, and the how manieth call of that action it is. */
export interface FunctionCall {
  readonly name: string;
  readonly service: 'iam' | 'secretsmanager' | 'dynamodb' | 'sts';
  readonly action: string;
  /** Counted from 1, over all steps. */
  readonly nth: number;
  /** The SDK sends CreateAccessKey and GetCallerIdentity once, anything else up to three times. */
  readonly tries: 1 | 3;
}

/** What happens to one call, each time that the SDK sends it. */
export interface Mishap {
  readonly name: string;
  readonly call: FunctionCall;
  readonly fault: Fault;
  readonly times: number;
}

/** What can happen to a call. Those of one group leave the same state behind, and the function as wise as before. */
export const GROUPS: readonly (readonly { readonly name: string; readonly fault: Fault }[])[] = [
  [
    { name: 'its answer is lost', fault: { kind: 'loseAnswer' } },
    { name: 'it is done and answered with 500', fault: { kind: 'status500', done: true } },
    { name: 'it is done and answered too late for the SDK', fault: { kind: 'slow', ms: 60_000 } },
  ],
  [
    { name: 'its connection is cut', fault: { kind: 'cut' } },
    { name: 'it is answered with 500', fault: { kind: 'status500' } },
    { name: 'it is throttled beyond the SDK’s patience', fault: { kind: 'throttle' } },
  ],
  [{ name: 'the function is killed before it', fault: { kind: 'killFunction', when: 'before' } }],
  [{ name: 'the function is killed after it', fault: { kind: 'killFunction', when: 'after' } }],
];

/**
 * Every call with a mishap of every group. Within a group the mishaps take turns over the calls, because they differ
 * in HTTP only; `FAULTS=all` has every call meet every mishap, which takes twice as long.
 */
export function mishapsOf(calls: readonly FunctionCall[]): readonly Mishap[] {
  return calls.flatMap((call, index) =>
    GROUPS.flatMap((group) =>
      group
        .filter((_, turn) => process.env['FAULTS'] === 'all' || turn === index % group.length)
        .map(({ name, fault }) => mishap(call, name, fault)),
    ),
  );
}

export const mishap = (call: FunctionCall, name: string, fault: Fault): Mishap => ({
  name: `${call.name}: ${name}`,
  call,
  fault,
  times: fault.kind === 'killFunction' || fault.kind === 'refuse' ? 1 : call.tries,
});

/**
 * The calls that a list of words stands for, counted by action: `['the lease is taken', 'dynamodb:UpdateItem']`.
 */
export function countCalls(
  calls: readonly (readonly [name: string, call: string])[],
): readonly FunctionCall[] {
  const seen = new Map<string, number>();
  return calls.map(([name, call]) => {
    const nth = (seen.get(call) ?? 0) + 1;
    seen.set(call, nth);
    const [service, action] = call.split(':') as [FunctionCall['service'], string];
    const tries = action === 'CreateAccessKey' || action === 'GetCallerIdentity' ? 1 : 3;
    return { name: `${call} (${name})`, service, action, nth, tries };
  });
}
