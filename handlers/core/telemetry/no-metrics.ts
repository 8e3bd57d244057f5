import type { Metrics } from '../model/ports';

/** Where nobody makes metrics of what is written: on a person's terminal. */
export const NO_METRICS: Metrics = { record: () => undefined, recordOfUser: () => undefined };
