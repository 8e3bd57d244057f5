/** What may happen to a call by AWS, or to the process that makes it. */
export const FAULTS_OF_AWS = [
  /** The process dies before the call is performed. */
  'crashBefore',
  /** The process dies after the call was performed and before it hears the answer. */
  'crashAfter',
  /** The process dies, and the call is performed some seconds later. */
  'crashThenPerformed',
  /** No clear answer, and nothing was done. */
  'unansweredUndone',
  /** No clear answer, and it was done. */
  'unansweredDone',
  /** No clear answer, and it is done some seconds later. */
  'unansweredThenPerformed',
  /** A definite refusal: throttled beyond the SDK's patience. */
  'throttled',
  /** A definite refusal: access denied. */
  'denied',
] as const;

/** What may happen to a call, or to the process that makes it. */
export const FAULTS = [
  ...FAULTS_OF_AWS,
  /** Something between us and AWS answers with an empty 200, and nothing was done. */
  'emptyUndone',
  /** The same, and it was done. */
  'emptyDone',
  /** The same with a page for people. */
  'foreignUndone',
  'foreignDone',
] as const;

export type Fault = (typeof FAULTS)[number];

const isCrash = (fault: Fault | undefined): boolean =>
  fault === 'crashBefore' || fault === 'crashAfter' || fault === 'crashThenPerformed';

/** For a call that changes nothing, performed or not is the same. */
export function asForRead(fault: Fault): Fault {
  if (isCrash(fault)) return 'crashBefore';
  if (fault === 'emptyDone' || fault === 'emptyUndone') return 'emptyUndone';
  if (fault === 'foreignDone' || fault === 'foreignUndone') return 'foreignUndone';
  return fault === 'throttled' || fault === 'denied' ? fault : 'unansweredUndone';
}
