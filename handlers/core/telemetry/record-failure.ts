import type { StepFailedError } from '../model/explain';
import type { Journal } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import { AbandonedEarlierError, RotationDeferredError } from '../model/refusals';
import { ROTATION_STEPS, type FunctionEvent } from '../../../contract/function-events';
import type { Settings } from '../../../contract/settings';
import { eventOf } from './emit';

export interface Failure {
  readonly event: FunctionEvent;
  /** As far as it is known: the settings may be what could not be read. */
  readonly user: Pick<Settings, 'stableKey' | 'secretArn'> & Partial<Settings>;
  readonly journal: Journal | undefined;
  readonly error: StepFailedError;
}

/**
 * Counts a step that failed, and notes its event. It finds one of:
 *
 * 1. Terraform asked for it: a person sees the error of `terraform apply`.
 * 2. The rotation waits: deferred, and not failed.
 * 3. Secrets Manager tries a rotation again that was deferred, and whose token was given up for that: the try that gave it up
 *    has emitted its event. It is counted, because it is one more error, and the alarm subtracts what is deferred.
 * 4. Otherwise it failed. Secrets Manager tries again, so there may be several such events.
 */
export function recordFailure(
  { lifecycle, metrics, clock }: Pick<RotationPorts, 'lifecycle' | 'metrics' | 'clock'>,
  { event, user, journal, error }: Failure,
): void {
  const step = ROTATION_STEPS.find((known) => known === event.Step);
  if (step === undefined) return;
  const by = { step, user: user.stableKey };
  const { cause, message, name } = error;
  if (cause instanceof RotationDeferredError) {
    metrics.record('RotationDeferred', 1, by);
    lifecycle.note(eventOf(user, clock.now(), 'Rotation Deferred', { reason: cause.message }));
    return;
  }
  if (step === 'createSecret' && cause instanceof AbandonedEarlierError && journal?.wanted !== undefined) {
    metrics.record('RotationDeferred', 1, by);
    return;
  }
  metrics.record('RotationFailed', 1, by);
  lifecycle.note(eventOf(user, clock.now(), 'Rotation Failed', { step, error: name, reason: message }));
}
