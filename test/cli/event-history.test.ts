import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';

import { lookUpEvents } from '../../cli/event-history';

const cloudTrail = mockClient(CloudTrailClient);
afterEach(() => cloudTrail.reset());

async function names(): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  const query = {
    attribute: { AttributeKey: 'AccessKeyId', AttributeValue: 'x' } as const,
    since: 0,
    until: 1000,
  };
  const connection = { region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  for await (const { EventName } of lookUpEvents(connection, query)) found.push(EventName);
  return found;
}

describe('the event history', () => {
  it('is read page by page to its end', async () => {
    cloudTrail
      .on(LookupEventsCommand)
      .resolvesOnce({ Events: [{ EventName: 'a' }], NextToken: '1' })
      .resolves({ Events: [{ EventName: 'b' }] });
    expect(await names()).toEqual(['a', 'b']);
    const tokens = cloudTrail
      .commandCalls(LookupEventsCommand)
      .map(({ args: [{ input }] }) => input.NextToken);
    expect(tokens).toEqual([undefined, '1']);
  });

  it('is not followed where it leads back to the same page', async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [], NextToken: 'same' });
    await expect(names()).rejects.toThrow('the page that it had answered before');
  });
});
