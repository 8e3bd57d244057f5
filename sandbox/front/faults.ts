import { ApiError, type AuthenticatedCall } from './api-call';

/** What goes wrong with a call. */
export type Fault =
  /**
   * Done, but the connection is cut instead of the answer. `atOnce`: it is cut while the call is still being
   * done, so that a repetition runs in parallel. @default false
   */
  | { readonly kind: 'loseAnswer'; readonly atOnce?: boolean }
  /** Not done, and the connection is cut. */
  | { readonly kind: 'cut' }
  /** Answered with an error 500. `done`: after it was done all the same. @default false */
  | { readonly kind: 'status500'; readonly done?: boolean }
  /** Refused with the service's throttling error. */
  | { readonly kind: 'throttle' }
  /** Refused with this error. */
  | { readonly kind: 'refuse'; readonly code: string; readonly message: string; readonly status?: number }
  /** Done, and answered that many milliseconds later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The process of the function that calls is killed. `after`: when the call has been done. @default before */
  | { readonly kind: 'killFunction'; readonly when?: 'before' | 'after' };

export interface FaultRule {
  /** Every given field must match; none given: every call. */
  readonly match: {
    readonly service?: string;
    readonly action?: string;
    readonly principalArn?: string;
    /** Only calls that a function makes. */
    readonly byFunction?: boolean;
  };
  readonly fault: Fault;
  /** The first matching call that it befalls, counted from 1. @default 1 */
  readonly nth?: number;
  /** How many matching calls in a row it befalls. @default 1 */
  readonly times?: number;
}

/** What came of an injected rule. */
export interface InjectedFault {
  /** How many calls it has befallen. */
  readonly hits: number;
  remove(): void;
}

interface ArmedRule extends FaultRule {
  seen: number;
  hits: number;
}

export class Faults {
  private readonly rules = new Set<ArmedRule>();

  inject(rule: FaultRule): InjectedFault {
    const armed: ArmedRule = { ...rule, seen: 0, hits: 0 };
    this.rules.add(armed);
    return {
      get hits() {
        return armed.hits;
      },
      remove: () => void this.rules.delete(armed),
    };
  }

  /** The fault that befalls this call; counts it for every rule that it matches. */
  strike(call: AuthenticatedCall): Fault | undefined {
    let struck: Fault | undefined;
    for (const rule of this.rules) {
      if (!matches(rule.match, call)) continue;
      rule.seen += 1;
      const first = rule.nth ?? 1;
      if (struck !== undefined || rule.seen < first || rule.seen >= first + (rule.times ?? 1)) continue;
      rule.hits += 1;
      struck = rule.fault;
    }
    return struck;
  }
}

function matches(match: FaultRule['match'], call: AuthenticatedCall): boolean {
  return (
    (match.service === undefined || match.service === call.service) &&
    (match.action === undefined || match.action === call.action) &&
    (match.principalArn === undefined || match.principalArn === call.principal.arn) &&
    (match.byFunction === undefined || match.byFunction === (call.principal.invocationId !== undefined))
  );
}

/** IAM, STS and CloudWatch say Throttling; the services that speak JSON say ThrottlingException. */
export const throttled = (call: AuthenticatedCall): ApiError =>
  call.protocol === 'query'
    ? new ApiError('Throttling', 'Rate exceeded')
    : new ApiError('ThrottlingException', 'Rate exceeded', call.protocol === 'rest-json' ? 429 : 400);

export const internalFailure = (call: AuthenticatedCall): ApiError =>
  new ApiError(
    call.protocol === 'query' ? 'ServiceFailure' : 'InternalServiceError',
    'An internal error occurred.',
    500,
  );
