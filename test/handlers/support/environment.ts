import { keyId, secretText } from './fixtures';
import { openEndpoint, type LocalEndpoint } from './local-endpoint';

/** Points every SDK client that is made afterwards at the endpoint, with credentials that exist nowhere. */
export function pointSdkAt(url: string): void {
  process.env['AWS_ENDPOINT_URL'] = url;
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = keyId();
  process.env['AWS_SECRET_ACCESS_KEY'] = secretText();
}

/** Has the SDK clients that a suite makes, from its `beforeAll` on, talk to an endpoint of the suite's own. */
export function sdkAtLocalEndpoint(): Omit<LocalEndpoint, 'url' | 'close'> {
  let endpoint: LocalEndpoint | undefined;
  beforeAll(async () => {
    endpoint = await openEndpoint();
    pointSdkAt(endpoint.url);
  });
  afterAll(() => endpoint?.close());
  return {
    get requests() {
      return endpoint!.requests;
    },
    answerWith: (answer) => endpoint!.answerWith(answer),
    killKeptConnections: () => endpoint!.killKeptConnections(),
  };
}
