import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Machine } from './machine';

/** What one run of a benchmark found, as bench/results/ keeps it. */
export interface Results {
  readonly benchmark: string;
  /** The day, as 2026-11-29. */
  readonly takenOn: string;
  readonly machine: Machine;
  readonly figures: unknown;
}

/** From the folder of the project. */
export const resultsFile = (name: string): string => `bench/results/${name}.json`;

/** Undefined: it was never taken. */
export function readResults(name: string): Results | undefined {
  const path = join(__dirname, '../..', resultsFile(name));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined;
}
