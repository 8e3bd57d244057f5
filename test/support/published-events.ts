import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import * as z from 'zod';

import { eventDetailSchemas } from '../../contract/lifecycle-event';

const PUBLISHED = resolve(__dirname, '../../docs/events/schema.json');

/** The schema that the docs publish. */
const published = z.fromJSONSchema(
  JSON.parse(readFileSync(PUBLISHED, 'utf8')) as z.core.JSONSchema.JSONSchema,
);

export interface DeliveredEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Holds an event against the published schema, and against what the product itself says an event has: no field more.
 *
 * @throws Error if it does not fit, or shows a whole key id.
 */
export function requirePublished(event: DeliveredEvent): void {
  const problems = published.safeParse(event).error?.issues ?? [];
  const own = eventDetailSchemas[event['detail-type'] as keyof typeof eventDetailSchemas];
  problems.push(...(z.strictObject(own.shape).safeParse(event.detail).error?.issues ?? []));
  const text = JSON.stringify(event);
  if (problems.length === 0 && !/(AKIA|ASIA)[A-Z0-9]{12}/.test(text)) return;
  throw new Error(`${text} is not as published: ${JSON.stringify(problems)}`);
}
