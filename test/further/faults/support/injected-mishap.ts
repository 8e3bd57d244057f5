import type { InjectedFault } from '../../../../sandbox/front/faults';
import type { LocalAws } from '../../../../sandbox/local-aws';
import type { Mishap } from './mishaps';

/** A mishap that lies in wait for a function of a local AWS. */
export class InjectedMishap {
  readonly #fault: InjectedFault;
  readonly #seen: number;

  constructor(
    private readonly aws: LocalAws,
    readonly mishap: Mishap,
  ) {
    const { call, fault, times } = mishap;
    const { service, action, nth } = call;
    this.#seen = aws.calls().length;
    // The probe of a new key is signed by that key, everything else by the function's role.
    const match = { service, action, ...(service === 'sts' ? {} : { byFunction: true }) };
    this.#fault = aws.inject({ match, fault, nth, times });
  }

  /** How many requests it has befallen. */
  get hits(): number {
    return this.#fault.hits;
  }

  /** Whether it has struck for the last time, and the request is done with: performed or not, answered or cut. */
  isOver(): boolean {
    const { call, times } = this.mishap;
    if (this.hits < times) return false;
    const requests = callsOfFunctions(this.aws, this.#seen);
    const ofAction = requests.filter((name) => name === `${call.service}:${call.action}`);
    return ofAction.length >= call.nth + times - 1;
  }

  remove(): void {
    this.#fault.remove();
  }
}

/**
 * What functions have called since then, and new keys that they proved, each as `service:Action`. Without the events:
 * they are told after the lease is given back, and nothing waits for what becomes of them.
 */
export function callsOfFunctions(aws: LocalAws, seen: number): readonly string[] {
  return aws
    .calls()
    .slice(seen)
    .filter(({ principal, service }) => principal?.invocationId !== undefined || service === 'sts')
    .filter(({ service }) => service !== 'events')
    .map(({ service, action }) => `${service}:${action}`);
}
