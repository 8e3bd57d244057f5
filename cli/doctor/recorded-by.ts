import type { AdvancedFieldSelector, GetEventSelectorsCommandOutput } from '@aws-sdk/client-cloudtrail';

/** Which management events a trail records: those that read, those that write. */
export interface Recorded {
  readonly reads: boolean;
  readonly writes: boolean;
}

type Selectors = Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>;

/**
 * A trail has selectors of one kind. One without any records all management events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
export function recordedBy({ EventSelectors = [], AdvancedEventSelectors = [] }: Selectors): Recorded {
  if (EventSelectors.length + AdvancedEventSelectors.length === 0) return { reads: true, writes: true };
  const classic = EventSelectors.filter(({ IncludeManagementEvents }) => IncludeManagementEvents !== false);
  const advanced = AdvancedEventSelectors.map(({ FieldSelectors = [] }) => FieldSelectors).filter(
    ofManagement,
  );
  return {
    reads:
      classic.some(({ ReadWriteType }) => ReadWriteType !== 'WriteOnly') ||
      advanced.some((fields) => fields.every(admits('readOnly', 'true'))),
    writes:
      classic.some(({ ReadWriteType }) => ReadWriteType !== 'ReadOnly') ||
      advanced.some((fields) => fields.every(admits('readOnly', 'false'))),
  };
}

/**
 * Of these fields `eventSource` can only leave out the services whose events are many, and none that is watched here; one with another
 * field, or with services to be recorded alone, records only some management events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
const ofManagement = (fields: readonly AdvancedFieldSelector[]): boolean =>
  fields.some(({ Field }) => Field === 'eventCategory') &&
  fields.every(admits('eventCategory', 'Management')) &&
  fields.every(
    ({ Field, Equals, NotEquals = [] }) =>
      Field === 'eventCategory' ||
      Field === 'readOnly' ||
      (Field === 'eventSource' && Equals === undefined && NotEquals.every((source) => NUMEROUS.has(source))),
  );

const NUMEROUS: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com']);

const admits =
  (field: string, value: string) =>
  ({ Field, Equals = [] }: AdvancedFieldSelector): boolean =>
    Field !== field || Equals.includes(value);
