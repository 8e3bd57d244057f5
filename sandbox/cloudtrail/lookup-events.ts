import { jsonAnswer } from '../front/answers';
import type { OperationTable } from '../front/api-call';
import type { CallRecorder } from '../front/recorder';
import type { ServiceEvent } from '../secrets-manager/rotation-events';
import { isManagementEvent } from './management-events';
import { reportingRegion, toCloudTrailEvent } from './to-cloudtrail-event';

const PAGE = 50;

/** A call, or what a service reports of itself. */
interface Event {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly readOnly: boolean;
  readonly userIdentity: {
    readonly accessKeyId?: string | undefined;
    readonly userName?: string | undefined;
    readonly invokedBy?: string;
  };
}

interface Happened {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: Event;
}

const ATTRIBUTES: Readonly<Record<string, (event: Event) => unknown>> = {
  AccessKeyId: (event) => event.userIdentity.accessKeyId,
  EventId: (event) => event.eventID,
  EventName: (event) => event.eventName,
  EventSource: (event) => event.eventSource,
  ReadOnly: (event) => String(event.readOnly),
  Username: (event) => event.userIdentity.userName,
};

/**
 * LookupEvents, from the calls that the sandbox has answered and what Secrets Manager has reported: newest first, and only
 * those of the region that is asked.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export function lookupEvents(
  accountId: string,
  recorder: CallRecorder,
  reports: () => readonly ServiceEvent[],
): OperationTable {
  const callsIn = (region: string): readonly Happened[] =>
    recorder
      .calls()
      .filter((recorded) => isManagementEvent(recorded) && reportingRegion(recorded) === region)
      .map((recorded) => ({ time: recorded.time.getTime(), event: toCloudTrailEvent(accountId, recorded) }));
  const reportsIn = (region: string): readonly Happened[] =>
    reports()
      .filter(({ awsRegion }) => awsRegion === region)
      .map((event) => ({ time: Date.parse(event.eventTime), event }));
  return {
    'cloudtrail:LookupEvents': (call) => {
      const {
        LookupAttributes = [],
        StartTime,
        EndTime,
        MaxResults,
        NextToken,
      } = call.parameters as LookupRequest;
      const [from, to] = [StartTime ?? 0, EndTime ?? Infinity].map((seconds) => seconds * 1000);
      const found = [...callsIn(call.region), ...reportsIn(call.region)]
        .filter(({ time }) => time >= (from ?? 0) && time <= (to ?? Infinity))
        .filter(({ event }) =>
          LookupAttributes.every(
            (wanted) => ATTRIBUTES[wanted.AttributeKey]?.(event) === wanted.AttributeValue,
          ),
        )
        .reverse()
        .sort((a, b) => b.time - a.time);
      const start = Number(NextToken ?? 0);
      const end = start + Math.min(MaxResults ?? PAGE, PAGE);
      return Promise.resolve(
        jsonAnswer({
          Events: found.slice(start, end).map(summary),
          ...(end < found.length ? { NextToken: String(end) } : {}),
        }),
      );
    },
  };
}

interface LookupRequest {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  /** Seconds since 1970. */
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const summary = ({ time, event }: Happened) => ({
  EventId: event.eventID,
  EventName: event.eventName,
  EventSource: event.eventSource,
  EventTime: Math.floor(time / 1000),
  ReadOnly: String(event.readOnly),
  AccessKeyId: event.userIdentity.accessKeyId,
  Username: event.userIdentity.userName,
  Resources: [],
  CloudTrailEvent: JSON.stringify(event),
});
