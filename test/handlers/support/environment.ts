import { keyId, secretText } from './fixtures';

/** Points every SDK client that is made afterwards at the endpoint, with credentials that exist nowhere. */
export function pointSdkAt(url: string): void {
  process.env['AWS_ENDPOINT_URL'] = url;
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = keyId();
  process.env['AWS_SECRET_ACCESS_KEY'] = secretText();
}
