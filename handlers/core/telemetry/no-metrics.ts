import type { Metrics } from '../model/ports';

/** For a person's terminal: no metrics are made of what it prints. */
export const NO_METRICS: Metrics = { record: () => undefined, recordOfUser: () => undefined };
