import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  IAMClient,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';

import type { StackConfiguration } from '../../../modules/config/configuration';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { aStackWithEverything } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { prepareAccount, withKeysOf } from '../../support/rich-account';
import { byDeployPolicies, createDeployRole, DEPLOY_ROLE_ARN } from './support/deploy-role';

const ROLE_PATH = '/rotation/';

/** AWS refuses what the printed policies do not allow; each test begins where the one before ended. */
describeWithTools('a stack that asks for everything, deployed under the printed policies alone', () => {
  let aws: LocalAws;
  let stack: AppliedStack;
  let iam: IAMClient;
  let configuration: StackConfiguration;

  beforeAll(async () => {
    aws = await startLocalAws({
      authorize: byDeployPolicies(ROLE_PATH),
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    iam = new IAMClient(aws.clientConfig());
    await createDeployRole(aws);
    await prepareAccount(aws);
    configuration = await withKeysOf(
      aws,
      aStackWithEverything({ secretRecoveryDays: 0, deployRoleArn: DEPLOY_ROLE_ARN, rolePath: ROLE_PATH }),
    );
    stack = new AppliedStack(aws.environment);
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

  it('is made', async () => {
    expect((await stack.apply(configuration)).output).toContain('Apply complete!');
  });

  it('has an empty plan the second time', async () => {
    expect(await stack.terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  it('is upgraded: its functions get other code', async () => {
    const upgraded = { ...configuration, functionArchitecture: 'x86_64' } as const;

    expect((await stack.apply(upgraded)).output).toContain('Apply complete!');
    expect(await stack.terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  it('renames a user, which keeps its policies and groups', async () => {
    const [first, ...others] = configuration.users;
    const renamed = { ...configuration, users: [{ ...first!, userName: 'deployer' }, ...others] };

    expect((await stack.apply(renamed)).output).toContain('Apply complete!');
    expect(await stack.terraform.plan()).toMatchObject({ exitCode: 0 });
    const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName: 'deployer' }));
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName: 'deployer' }));
    expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['deployers']);
    expect(PolicyNames).toContain('read-reports');
    await stack.apply(configuration);
  });

  it('takes off a user what is no longer said of it', async () => {
    const [first, ...others] = configuration.users;
    await stack.apply({
      ...configuration,
      users: [{ ...first!, inlinePolicies: {}, groups: [] }, ...others],
    });

    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: 'ci-deployer' }));
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName: 'ci-deployer' }));
    expect(Groups).toEqual([]);
    expect(PolicyNames).not.toContain('read-reports');
  });

  it('is destroyed, with a user that somebody put in a group', async () => {
    await iam.send(new CreateGroupCommand({ GroupName: 'developers' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'developers', UserName: 'ci-deployer' }));
    await stack.apply({ ...configuration, protection: false });

    expect((await stack.terraform.destroy()).output).toContain('Destroy complete!');
  });
});
