import { explainEnd, explainError } from '../../cli/explain-error';
import { CallRefusedError, CallUnansweredError } from '../../handlers/core/model/call-errors';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

const SCAN = { service: 'DynamoDB', action: 'Scan' } as const;

it.each([
  ['no region', new Error('Region is missing'), 'set AWS_REGION'],
  [
    'no credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    'aws sso login',
  ],
  [
    'a wrong secret key',
    named('SignatureDoesNotMatch', 'The request signature we calculated does not match.'),
    'AWS does not accept the credentials',
  ],
  ['a session that is over', named('ExpiredTokenException', 'The token expired.'), 'does not accept'],
  ['nobody who answers in time', named('TimeoutError', 'socket timed out'), 'AWS cannot be reached'],
  [
    'a proxy that answers for AWS',
    Object.assign(named('Unknown', 'Unknown'), { $metadata: { httpStatusCode: 502 } }),
    'said HTTP 502 and nothing that AWS says',
  ],
  ['nobody at the address', coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9'), 'AWS_ENDPOINT_URL'],
  [
    'a connection that broke while AWS was asked',
    new CallUnansweredError(SCAN, 'Error ECONNRESET', 'Error ECONNRESET'),
    'HTTPS_PROXY, and the network',
  ],
  [
    'nobody who answers DynamoDB in time',
    new CallUnansweredError(SCAN, 'TimeoutError ETIMEDOUT', 'TimeoutError ETIMEDOUT'),
    'HTTPS_PROXY, and the network',
  ],
])('what ended a command is told with what to do about it: %s', (_, error, remedy) => {
  expect(explainError(error)).toContain(remedy);
});

it('what ended a command keeps what AWS said, as a sentence of its own', () => {
  expect(explainError(named('ExpiredToken', 'It ended at noon.'))).toContain(': It ended at noon. Look');
});

it('what ended a command is told in its own words where they say what to do', () => {
  expect(explainError(new Error('The plan is refused.'))).toBe('The plan is refused.');
  expect(explainError('text')).toBe('text');
});

it.each([
  ['a port', new CallRefusedError(SCAN, 'accessDenied', 'AccessDeniedException', 'not authorized')],
  ['a client of the SDK', named('AccessDenied', 'not authorized')],
])('where AWS denied a call of %s and ended a command, it is said how to be allowed it', (_, error) => {
  expect(explainEnd(error)).toContain(
    'not authorized. The credentials in use may not do this: `npx iam-key-rotation policy <command>`',
  );
  expect(explainError(error)).not.toContain('policy');
});

it('what ended a command otherwise is told as everywhere', () => {
  expect(explainEnd(new Error('Region is missing'))).toBe(explainError(new Error('Region is missing')));
  expect(explainEnd(new Error('The plan is refused.'))).toBe('The plan is refused.');
});
