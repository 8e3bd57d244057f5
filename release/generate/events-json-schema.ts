import * as z from 'zod';

import { eventDetailSchemas } from '../../contract/lifecycle-event';
import { DETAIL_TYPES, EVENT_SOURCE, type DetailType } from '../../contract/telemetry-names';

/** The events as EventBridge delivers them. It leaves open what AWS adds to every event, and fields that come later. */
export function eventsJsonSchema(): object {
  const [first, ...others] = DETAIL_TYPES.map(eventSchema) as [
    ReturnType<typeof eventSchema>,
    ...ReturnType<typeof eventSchema>[],
  ];
  const schema = z.discriminatedUnion('detail-type', [first, ...others]).meta({
    title: 'Events of iam-key-rotation',
    description: 'What happens to the access keys of rotated users, on the default event bus of the account.',
  });
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // The format says it; zod's pattern knows the leap years, and nobody can read it.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
}

const eventSchema = (detailType: DetailType) =>
  z.object({
    source: z.literal(EVENT_SOURCE),
    'detail-type': z.literal(detailType),
    detail: eventDetailSchemas[detailType],
  });
