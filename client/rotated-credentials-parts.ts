import type { Logger } from '@smithy/types';

import type { Instant } from '../contract/instant';
import type { ReadableLabel } from './read-secret';
import type { RefreshTiming } from './refresh-timing';
import type { RotatedKey } from './rotated-key';

export interface RotatedCredentialsParts {
  readonly secretId: string;
  readonly timing: RefreshTiming;
  readonly read: (label: ReadableLabel) => Promise<RotatedKey | undefined>;
  readonly now: () => Instant;
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}
