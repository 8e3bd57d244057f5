import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { IAMServiceException, LimitExceededException, NoSuchEntityException } from '@aws-sdk/client-iam';
import {
  DecryptionFailure,
  EncryptionFailure,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { STSServiceException } from '@aws-sdk/client-sts';

import { callAws } from '../../../handlers/aws/call-aws';
import {
  CallRefusedError,
  CallUnansweredError,
  type CallName,
  type RefusalKind,
} from '../../../handlers/core/model/call-errors';

jest.mock('../../../handlers/core/model/timing', () => ({
  ...jest.requireActual<object>('../../../handlers/core/model/timing'),
  LONGEST_CALL: 50,
}));

const CALL: CallName = { service: 'IAM', action: 'UpdateAccessKey' };

interface Told {
  readonly status?: number;
  readonly attempts?: number;
}

/** What a caller hears when the SDK throws this. */
async function heard(error: unknown, effect: 'reads' | 'changes' = 'changes'): Promise<unknown> {
  return callAws(CALL, effect, () => Promise.reject(error as Error)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

const metadata = ({ status = 400, attempts = 1 }: Told) => ({
  $metadata: { httpStatusCode: status, attempts },
  message: 'as AWS puts it',
});

/** An exception that the SDK has no class for: it keeps the bare code as its name. */
const unmodelled = (
  Base: typeof IAMServiceException,
  name: string,
  message = 'as AWS puts it',
  told: Told = {},
) => new Base({ ...metadata(told), name, message, $fault: 'client' });

describe('callAws', () => {
  test('callAws returns what AWS answered', async () => {
    const answer = { $metadata: { requestId: 'an id of AWS' }, Item: 'what was asked for' };
    await expect(callAws(CALL, 'reads', () => Promise.resolve(answer))).resolves.toBe(answer);
  });

  test.each(['reads', 'changes'] as const)(
    'callAws believes no answer without a request id of AWS to a call that %s (F 11.1)',
    async (effect) => {
      const answer = { $metadata: { httpStatusCode: 200, requestId: undefined } };
      await expect(callAws(CALL, effect, () => Promise.resolve(answer))).rejects.toThrow(CallUnansweredError);
    },
  );

  describe('a clear no', () => {
    const cases: readonly [string, unknown, RefusalKind][] = [
      ['IAM LimitExceeded by class', new LimitExceededException(metadata({ status: 409 })), 'limitExceeded'],
      ['IAM LimitExceeded by bare code', unmodelled(IAMServiceException, 'LimitExceeded'), 'limitExceeded'],
      ['IAM NoSuchEntity, by class', new NoSuchEntityException(metadata({ status: 404 })), 'notFound'],
      ['IAM NoSuchEntity, by bare code', unmodelled(IAMServiceException, 'NoSuchEntity'), 'notFound'],
      ['IAM AccessDenied', unmodelled(IAMServiceException, 'AccessDenied'), 'accessDenied'],
      ['IAM Throttling', unmodelled(IAMServiceException, 'Throttling'), 'throttled'],
      [
        'Secrets Manager ThrottlingException',
        unmodelled(SecretsManagerServiceException, 'ThrottlingException'),
        'throttled',
      ],
      [
        'Secrets Manager InvalidRequest, of a secret that is scheduled for deletion',
        unmodelled(SecretsManagerServiceException, 'InvalidRequestException'),
        'wrongState',
      ],
      ['Secrets Manager ResourceNotFound', new ResourceNotFoundException(metadata({})), 'notFound'],
      ['Secrets Manager ResourceExists', new ResourceExistsException(metadata({})), 'conflict'],
      ['Secrets Manager DecryptionFailure', new DecryptionFailure(metadata({})), 'kms'],
      ['Secrets Manager EncryptionFailure', new EncryptionFailure(metadata({})), 'kms'],
      [
        'Secrets Manager AccessDeniedException that speaks of KMS',
        unmodelled(SecretsManagerServiceException, 'AccessDeniedException', 'Access to KMS is not allowed'),
        'kms',
      ],
      [
        'Secrets Manager AccessDeniedException that does not',
        unmodelled(
          SecretsManagerServiceException,
          'AccessDeniedException',
          'User: … is not authorized to perform: …',
        ),
        'accessDenied',
      ],
      ['STS InvalidClientTokenId', unmodelled(STSServiceException, 'InvalidClientTokenId'), 'unknownKey'],
      ['STS SignatureDoesNotMatch', unmodelled(STSServiceException, 'SignatureDoesNotMatch'), 'wrongSecret'],
      [
        'STS SignatureDoesNotMatch because of a clock that is behind',
        unmodelled(
          STSServiceException,
          'SignatureDoesNotMatch',
          'Signature expired: 20260115T115000Z is now earlier than 20260115T115500Z (20260115T120000Z - 5 min.)',
        ),
        'invalid',
      ],
      [
        'Secrets Manager InvalidSignatureException because of a clock that is ahead',
        unmodelled(
          SecretsManagerServiceException,
          'InvalidSignatureException',
          'Signature not yet current: 20260115T121000Z is still later than 20260115T120500Z (20260115T120000Z + 5 min.)',
        ),
        'invalid',
      ],
      ['DynamoDB ConditionalCheckFailed', new ConditionalCheckFailedException(metadata({})), 'conflict'],
      ['a code nobody has heard of', unmodelled(IAMServiceException, 'SomethingNew'), 'invalid'],
    ];

    test.each(cases)('%s is recognized by its kind', async (_name, error, kind) => {
      const refusal = await heard(error);
      expect(refusal).toBeInstanceOf(CallRefusedError);
      expect(refusal).toMatchObject({ kind, call: CALL });
    });

    test('the message of a refusal names service, action, code and what AWS answered', async () => {
      const refusal = await heard(
        unmodelled(IAMServiceException, 'AccessDenied', 'denied by a service control policy'),
      );
      expect((refusal as Error).message).toBe(
        'IAM UpdateAccessKey was refused with AccessDenied: denied by a service control policy',
      );
    });
  });

  describe('what is certain', () => {
    const refused = (told: Told) => unmodelled(IAMServiceException, 'AccessDenied', 'no', told);

    test('a change that the SDK sent once and AWS refused was not made', async () => {
      expect(await heard(refused({ attempts: 1 }))).toBeInstanceOf(CallRefusedError);
    });

    test('a change that the SDK sent twice may have been made by the first try, whatever the second heard', async () => {
      expect(await heard(refused({ attempts: 2 }))).toBeInstanceOf(CallUnansweredError);
    });

    test('a question that the SDK sent twice changed nothing, so its last answer counts', async () => {
      expect(await heard(refused({ attempts: 2 }), 'reads')).toBeInstanceOf(CallRefusedError);
    });

    test.each([500, 502, 503, 504])('a %i says nothing about whether the change was made', async (status) => {
      expect(await heard(refused({ status }))).toBeInstanceOf(CallUnansweredError);
      expect(await heard(refused({ status }), 'reads')).toBeInstanceOf(CallUnansweredError);
    });

    test('an exception without a status is no answer', async () => {
      const error = Object.assign(refused({}), { $metadata: {} });
      expect(await heard(error)).toBeInstanceOf(CallUnansweredError);
    });

    test.each([
      ['a cut connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'ECONNRESET'],
      ['a time-out', Object.assign(new Error('after 4000 ms'), { name: 'TimeoutError' }), 'TimeoutError'],
    ])('%s is no answer, and is named', async (_name, error, named) => {
      const unanswered = await heard(error);
      expect(unanswered).toBeInstanceOf(CallUnansweredError);
      expect((unanswered as Error).message).toContain(named);
    });

    test('a thrown value that is no error is no answer', async () => {
      expect(await heard('a text')).toBeInstanceOf(CallUnansweredError);
    });
  });

  test('a call that outlives LONGEST_CALL is aborted, and counts as unanswered', async () => {
    const slow = callAws(
      CALL,
      'changes',
      ({ abortSignal }) =>
        new Promise<never>((_resolve, reject) => {
          abortSignal.addEventListener('abort', () => {
            reject(abortSignal.reason as Error);
          });
        }),
    );
    await expect(slow).rejects.toThrow(CallUnansweredError);
  });
});
