import { CreateUserCommand, IAMClient, ListUserTagsCommand, UpdateUserCommand } from '@aws-sdk/client-iam';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('a user of the local AWS', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  beforeAll(async () => {
    aws = await startLocalAws();
    iam = new IAMClient(aws.clientConfig());
  });
  afterAll(() => aws.stop());

  const tagsOf = async (UserName: string): Promise<readonly unknown[] | undefined> =>
    (await iam.send(new ListUserTagsCommand({ UserName }))).Tags;

  it('keeps its tags under another name and path, as in IAM, and leaves none to who is called so after it', async () => {
    const Tags = [
      { Key: 'iam-key-rotation:stack', Value: 'a & b' },
      { Key: 'team', Value: '' },
    ];
    await iam.send(new CreateUserCommand({ UserName: 'former', Tags }));

    await iam.send(new UpdateUserCommand({ UserName: 'former', NewUserName: 'today', NewPath: '/service/' }));
    await iam.send(new CreateUserCommand({ UserName: 'former' }));

    expect(await tagsOf('today')).toEqual(Tags);
    expect(await tagsOf('former')).toEqual([]);
  });
});
