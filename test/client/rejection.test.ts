import { rejectionOf } from '../../client/rejection';

const answer = (name: string, httpStatusCode: number, more: object = {}) =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode }, ...more });

it.each([
  ['STS, IAM', answer('InvalidClientTokenId', 403)],
  ['S3', answer('InvalidAccessKeyId', 403)],
  ['DynamoDB, Secrets Manager', answer('UnrecognizedClientException', 400)],
  ['a service with a model of its own', answer('Other', 403, { Code: 'UnrecognizedClient' })],
  ['S3, of a wrong secret', answer('SignatureDoesNotMatch', 403)],
  ['DynamoDB, of a wrong secret', answer('InvalidSignatureException', 400)],
  ['EC2', answer('AuthFailure', 401)],
])('an answer of AWS certainly refuses the key: %s', (_service, error) => {
  expect(rejectionOf(error)).toBe('certain');
});

it.each([
  ['S3, to a HEAD, which has no body', answer('403', 403)],
  ['EC2, of somebody else’s image', answer('AuthFailure', 403)],
])('an answer of AWS possibly refuses the key: %s', (_service, error) => {
  expect(rejectionOf(error)).toBe('possible');
});

it.each([
  ['the right to do it is missing', answer('AccessDenied', 403)],
  ['the right to do it is missing, in JSON', answer('AccessDeniedException', 400)],
  ['a HEAD of something that is not there', answer('NotFound', 404)],
  ['the session is over', answer('ExpiredToken', 400)],
  ['it is busy', answer('ThrottlingException', 400)],
  ['nobody answered', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ['no error at all', 'InvalidClientTokenId'],
])('an answer of AWS does not refuse the key: %s', (_what, error) => {
  expect(rejectionOf(error)).toBeUndefined();
});

it.each([
  'Signature expired: 1 is now earlier than 2 (3 - 5 min.)',
  'Signature not yet current: 2 is still later than 1',
])('an answer of AWS does not refuse the key if it tells of this machine’s clock: %s', (message) => {
  expect(rejectionOf(Object.assign(answer('SignatureDoesNotMatch', 403), { message }))).toBeUndefined();
});
