import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockAws } from '../support/mock-aws';

import { StsCredentialProbe } from '../../../handlers/aws/sts-credential-probe';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { SecretMaterial } from '../../../contract/secret-material';
import { openEndpoint, queryError, type LocalEndpoint } from '../support/local-endpoint';
import { keyId, secretText } from '../support/fixtures';

const credentials = { accessKeyId: keyId(), secretAccessKey: new SecretMaterial(secretText()) };

describe('what STS answers', () => {
  const sts = mockAws(STSClient);
  const probe = new StsCredentialProbe({ region: 'eu-west-1' });
  afterEach(() => {
    sts.reset();
  });
  afterAll(() => {
    sts.restore();
  });

  test('an answer of STS has account, user id and ARN', async () => {
    sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: '111122223333', UserId: 'AIDA', Arn: 'arn:aws:iam::1:user/a' });
    await expect(probe.callerIdentity(credentials)).resolves.toEqual({
      accountId: '111122223333',
      userId: 'AIDA',
      arn: 'arn:aws:iam::1:user/a',
    });
  });

  test('an answer of STS without an identity is no clear answer', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333' });
    await expect(probe.callerIdentity(credentials)).rejects.toThrow(CallUnansweredError);
  });
});

describe('over the wire', () => {
  let sts: LocalEndpoint;
  beforeAll(async () => {
    sts = await openEndpoint();
  });
  afterAll(() => sts.close());
  const probe = (): StsCredentialProbe => new StsCredentialProbe({ region: 'eu-west-1', endpoint: sts.url });

  test('the question to STS is signed with the key in question, not with the function’s own', async () => {
    let authorization: string | undefined;
    sts.answerWith((response, request) => {
      authorization = request.headers.authorization;
      response
        .setHeader('x-amzn-requestid', '00000000-0000-0000-0000-000000000000')
        .end(
          '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn>' +
            '<UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        );
    });
    await expect(probe().callerIdentity(credentials)).resolves.toMatchObject({ userId: 'AIDA' });
    expect(authorization).toContain(`Credential=${credentials.accessKeyId}/`);
  });

  test('a probe that is asked for several keys in turn signs each question with its own', async () => {
    const signedWith: (string | undefined)[] = [];
    sts.answerWith((response, request) => {
      signedWith.push(/Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1]);
      response
        .setHeader('x-amzn-requestid', '00000000-0000-0000-0000-000000000000')
        .end(
          '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn>' +
            '<UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        );
    });
    const other = { accessKeyId: keyId(), secretAccessKey: new SecretMaterial(secretText()) };
    const one = probe();
    for (const asked of [credentials, credentials, other, credentials]) await one.callerIdentity(asked);
    expect(signedWith).toEqual(
      [credentials, credentials, other, credentials].map(({ accessKeyId }) => accessKeyId),
    );
  });

  test.each([
    ['InvalidClientTokenId', 'The security token included in the request is invalid.', 'unknownKey'],
    ['SignatureDoesNotMatch', 'The request signature we calculated does not match', 'wrongSecret'],
  ])('a refusal with %s is heard once, so that every refusal is seen', async (code, message, kind) => {
    sts.answerWith(queryError(403, code, message));
    await expect(probe().callerIdentity(credentials)).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind,
      code,
    });
    expect(sts.requests).toBe(1);
  });
});
