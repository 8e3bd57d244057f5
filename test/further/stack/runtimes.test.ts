import { FUNCTION_RUNTIMES } from '../../../modules/node-function/lambda-runtime';
import { HAS_PACKAGES } from '../../../sandbox/lambda/node-binary';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { Account } from '../../e2e/stack/support/account';
import { DeployedFunction } from '../../e2e/support/deployed-function';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

// Through the SDK and not Terraform: the provider that is here refuses nodejs24.x (F 4.4).
describeWithTools('the rotation function', () => {
  let aws: LocalAws;
  beforeEach(async () => (aws = await startLocalAws({ rotation: { attempts: 1 } })));
  afterEach(() => aws.stop());

  it.each(FUNCTION_RUNTIMES)('makes a first key and rotates it on %s', async (runtime) => {
    const fn = await DeployedFunction.on(aws, runtime);
    const user = await fn.addUser({ overlapSeconds: 3600, gracePeriodSeconds: 3600 });
    const { secretArn, userArn } = user;
    await fn.makeFirstKey(user);
    const account = new Account(aws);
    const first = await account.storedKey(secretArn);
    await fn.rotateSecret(user);
    await aws.rotationsSettled(secretArn);

    const second = await account.storedKey(secretArn);
    expect(second.AccessKeyId).not.toBe(first.AccessKeyId);
    await expect(account.whoIs(first)).resolves.toBe(userArn);
    await expect(account.whoIs(second)).resolves.toBe(userArn);
    const majors = aws
      .calls()
      .filter(({ principal }) => principal?.invocationId !== undefined)
      .map(({ userAgent }) => `nodejs${String(/nodejs#(\d+)\./.exec(userAgent ?? '')?.[1])}.x`);
    if (HAS_PACKAGES) expect(new Set(majors)).toEqual(new Set([runtime]));
  });
});
