import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  IAMClient,
} from '@aws-sdk/client-iam';

import { HOUR, SECOND } from '../../../contract/instant';
import { parseCredentialReport } from '../../../cli/adopt/credential-report';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('the credential report of the local AWS', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  beforeAll(async () => {
    aws = await startLocalAws();
    iam = new IAMClient({ ...aws.clientConfig(), maxAttempts: 1 });
  });
  afterAll(() => aws.stop());

  const generate = async (): Promise<string | undefined> =>
    (await iam.send(new GenerateCredentialReportCommand({}))).State;
  const report = async () => {
    const { Content, GeneratedTime } = await iam.send(new GetCredentialReportCommand({}));
    return parseCredentialReport(new TextDecoder().decode(Content), GeneratedTime!.getTime());
  };

  it('is made on request, takes its time, is kept for four hours, and has the keys of the sandbox', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'alice' }));
    await iam.send(new CreateLoginProfileCommand({ UserName: 'alice', Password: 'correct-Horse-7-battery' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));

    await expect(report()).rejects.toMatchObject({ name: 'CredentialReportNotPresentException' });
    expect(await generate()).toBe('STARTED');
    await expect(report()).rejects.toMatchObject({ name: 'CredentialReportNotReadyException' });
    aws.clockShiftMs = 2 * SECOND;
    expect(await generate()).toBe('COMPLETE');
    const first = await report();
    expect(first.users.get('alice')).toEqual({
      ...{ hasPassword: true, hasMfa: false },
      keys: [{ isActive: true, changedAt: AccessKey!.CreateDate!.getTime(), lastUse: undefined }],
    });

    await iam.send(new CreateUserCommand({ UserName: 'bob' }));
    aws.clockShiftMs = 3 * HOUR;
    await generate();
    expect((await report()).users.has('bob')).toBe(false);
    aws.clockShiftMs = 5 * HOUR;
    await expect(report()).rejects.toMatchObject({ name: 'CredentialReportExpiredException' });
    await generate();
    aws.clockShiftMs = 5 * HOUR + 2 * SECOND;
    expect((await report()).users.has('bob')).toBe(true);
  });
});
