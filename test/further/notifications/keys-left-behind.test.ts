import { UpdateUserCommand } from '@aws-sdk/client-iam';

import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { about, WatchedStage } from './support/watched-stage';

const CONFIGURATION = aStack([aUser('app', { owner: 'platform-team' })], {
  functions: 'shared',
  secretRecoveryDays: 0,
});

describeWithTools('a user that somebody renamed', () => {
  let watched: WatchedStage;

  beforeAll(async () => {
    watched = await WatchedStage.open(CONFIGURATION);
  });
  afterAll(() => watched.stage.close());

  it('keys-left-behind: somebody renames a user, and an apply makes a second one; people hear which keys nobody looks after', async () => {
    const { account, stack } = watched.stage;
    const replaced = await watched.stage.rotateAway('app');
    const current = await watched.stage.currentKey('app');
    await watched.settled();
    await watched.inbox.take();
    await account.iam.send(new UpdateUserCommand({ UserName: 'app', NewUserName: 'app-2' }));

    await stack.apply(CONFIGURATION);
    await watched.settled();

    expect((await watched.stage.currentKey('app')).AccessKeyId).not.toBe(current.AccessKeyId);
    expect(await account.keysOf('app-2')).toEqual(
      expect.arrayContaining([`${replaced.AccessKeyId} Active`, `${current.AccessKeyId} Active`]),
    );
    const [message, ...others] = await watched.inbox.take();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: about('keysLeftBehind', 'app'),
      attributes: { user: 'app', owner: 'platform-team', kind: 'keysLeftBehind', severity: 'critical' },
    });
    for (const { AccessKeyId } of [replaced, current]) {
      expect(message!.text).toContain(`...${AccessKeyId.slice(-4)}`);
    }
  });
});
