import type { Instant } from '../../../contract/instant';
import type { Doer, Witness } from './events';
import { call, refusal } from './refusals';
import { Timeline } from './timeline';

interface TargetState {
  readonly text: Timeline<string | undefined>;
  /** Its policy or its key says no; or it is gone. */
  refuses: 'accessDenied' | 'notFound' | undefined;
}

/** Other secrets and parameters of the account, by the names that `targetName` gives them. */
export class InMemoryTargets {
  readonly #targets = new Map<string, TargetState>();

  constructor(private readonly witness: Witness) {}

  text(target: string): string | undefined {
    return this.#of(target).text.now;
  }

  /** What whoever may read it read at a moment. */
  textAt(target: string, moment: Instant): string | undefined {
    return this.#of(target).text.at(moment);
  }

  /** As whoever asked then was answered. */
  read(target: string, asOf: Instant): string | undefined {
    const state = this.#of(target);
    // A secret that is gone and one without a value have the same answer, which the port takes for none.
    if (state.refuses === 'notFound') return undefined;
    requireWilling(state, call.getSecretValue);
    return state.text.at(asOf);
  }

  /** As whoever only asks there hears. */
  requireThere(target: string, name: Parameters<typeof refusal>[0]): void {
    requireWilling(this.#of(target), name);
  }

  /** One of several values that are written one after the other. */
  putPart(target: string, name: string, text: string, now: Instant, doer: Doer): void {
    const { text: before } = this.#of(target);
    const parts = JSON.parse(before.now ?? '{}') as Record<string, string>;
    this.put(target, JSON.stringify({ ...parts, [name]: text }), now, doer);
  }

  put(target: string, text: string, now: Instant, doer: Doer): void {
    const state = this.#of(target);
    const [kind = ''] = target.split(' ');
    requireWilling(state, WRITES[kind] ?? call.putParameter);
    this.write(target, text, now, doer);
  }

  /** What a person stores there. */
  write(target: string, text: string | undefined, now: Instant, doer: Doer): void {
    const state = this.#of(target);
    const was = state.text.now;
    state.text.set(now, text);
    this.witness({ what: 'targetWritten', at: now, doer, target, was, is: text });
  }

  refuse(target: string, why: TargetState['refuses']): void {
    this.#of(target).refuses = why;
  }

  refusesNow(target: string): boolean {
    return this.#of(target).refuses !== undefined;
  }

  #of(target: string): TargetState {
    let state = this.#targets.get(target);
    if (state === undefined) {
      state = { text: new Timeline<string | undefined>(0, undefined), refuses: undefined };
      this.#targets.set(target, state);
    }
    return state;
  }
}

const WRITES: Readonly<Record<string, Parameters<typeof refusal>[0]>> = {
  secret: call.putSecretValue,
  GitHub: call.githubPut,
  address: call.httpsPut,
};

function requireWilling({ refuses }: TargetState, name: Parameters<typeof refusal>[0]): void {
  if (refuses === undefined) return;
  const code = refuses === 'notFound' ? 'ResourceNotFoundException' : 'AccessDeniedException';
  throw refusal(name, refuses, code, 'The target does not take it');
}
