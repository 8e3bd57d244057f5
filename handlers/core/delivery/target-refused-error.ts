import { RotationError } from '../model/refusals';

/** What a target holds, or what it is to get, does not fit: nothing was written. It quotes no value. */
export class TargetRefusedError extends RotationError {
  override readonly name = 'TargetRefusedError';
}
