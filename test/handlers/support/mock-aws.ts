import { mockClient } from 'aws-sdk-client-mock';

const REQUEST_ID = '00000000-0000-0000-0000-000000000000';

type Resolve = (this: unknown, answer: object) => unknown;
type Behavior = Record<'resolves' | 'resolvesOnce', Resolve>;

/** `mockClient` whose answers are AWS's own: each has a request id, unless it comes with metadata that say otherwise. */
export const mockAws = ((client: Parameters<typeof mockClient>[0]) => {
  const mock = mockClient(client);
  const on = mock.on.bind(mock) as (...command: unknown[]) => Behavior;
  const withId = (resolve: Resolve): Resolve =>
    function (answer) {
      return resolve.call(this, { $metadata: { requestId: REQUEST_ID }, ...answer });
    };
  return Object.assign(mock, {
    on(...command: unknown[]) {
      const behavior = on(...command);
      const { resolves, resolvesOnce } = behavior;
      return Object.assign(behavior, { resolves: withId(resolves), resolvesOnce: withId(resolvesOnce) });
    },
  });
}) as unknown as typeof mockClient;
