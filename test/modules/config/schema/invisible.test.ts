import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, NOW } from '../refusal';

/** NUL, ESC, the end of a line, of a paragraph, one that turns the direction of writing, and one without width. */
const INVISIBLE = ['\0', '\u001b', '\u2028', '\u2029', '\u202e', '\u200b'];

const KEYS: readonly (readonly [string, (text: string) => string])[] = [
  ['owner', (text) => fileWithUser(`owner: ${text}`)],
  ['exemption.reason', (text) => fileWithUser(`exemption: { reason: ${text}, until: 2027-01-31 }`)],
  ['tags', (text) => fileWithUser(`tags: { team: ${text} }`)],
  ['path', (text) => fileWithStack(`backend: { local: { path: ${text} } }`)],
  ['key', (text) => fileWithStack(`backend: { s3: { bucket: state, region: eu-west-1, key: ${text} } }`)],
  ['address', (text) => fileWithStack(`backend: { http: { address: ${text.replace('"', '"https://')} } }`)],
];

it.each(KEYS)('rotation.yaml is refused for a character that nobody sees, in %s', (_, file) => {
  expect(() => parseConfiguration('rotation.yaml', file('"ab"'), NOW)).not.toThrow();
  for (const sign of INVISIBLE) {
    const escaped = JSON.stringify(`a${sign}b`).replace(
      /[\u0080-\uffff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16)}`,
    );
    expect(() => parseConfiguration('rotation.yaml', file(escaped), NOW)).toThrow(
      '1 problem in rotation.yaml',
    );
  }
});
