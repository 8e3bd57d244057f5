import { jsonAnswer } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { EventBus } from './event-bus';

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly EventBusName?: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export function putEvents(bus: EventBus): OperationTable {
  return {
    'events:PutEvents': (call) => {
      const entries = (call.parameters['Entries'] ?? []) as readonly Entry[];
      if (entries.length < 1 || entries.length > 10) {
        throw new ApiError('ValidationException', 'A call has 1 to 10 entries.');
      }
      const results = entries.map(({ Source, DetailType, Detail, Resources }) => {
        if (Source === undefined || DetailType === undefined || Detail === undefined) {
          return {
            ErrorCode: 'InvalidArgument',
            ErrorMessage: 'Source, DetailType and Detail are required.',
          };
        }
        // What begins so, AWS services alone may say.
        if (Source.startsWith('aws.')) {
          return {
            ErrorCode: 'NotAuthorizedForSourceException',
            ErrorMessage: 'Not authorized for the source.',
          };
        }
        const detail = parsed(Detail);
        if (detail === undefined) {
          return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
        }
        return {
          EventId: bus.put(call.region, {
            source: Source,
            detailType: DetailType,
            detail,
            resources: Resources,
          }),
        };
      });
      const failed = results.filter((result) => 'ErrorCode' in result);
      return Promise.resolve(jsonAnswer({ FailedEntryCount: failed.length, Entries: results }));
    },
  };
}

function parsed(detail: string): object | undefined {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // An answer of its own says so.
    return undefined;
  }
}
