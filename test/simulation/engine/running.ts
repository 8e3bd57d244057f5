import type { AllPorts } from '../../support/in-memory-aws/in-memory-ports';
import type { Milliseconds } from '../../../contract/instant';
import type { World } from './world';

/** What Secrets Manager, Terraform or a scheduler sees when the process that it called died. */
export class FunctionDiedError extends Error {
  override readonly name = 'FunctionDiedError';
}

/**
 * Whoever acts over time: Secrets Manager rotating, Terraform applying, a sweep, a rollback. The seam for what is
 * still to come: an actor calls functions by `stage.invoke` and lets time pass by `stage.sleep`; both are points
 * where the scheduler may let others act or have a fault happen.
 */
export interface Actor {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly world: World;
  /** Runs one process of the product. Rejects if it fails, or dies. */
  invoke<Result>(what: string, work: (ports: AllPorts) => Promise<Result>): Promise<Result>;
  sleep(duration: Milliseconds): Promise<void>;
}

/** One process: one invocation of a function. */
export interface Process {
  readonly name: string;
  readonly number: number;
  readonly alive: boolean;
  kill(): void;
}

/** An actor that has started. */
export interface Running {
  readonly name: string;
  done: boolean;
}
