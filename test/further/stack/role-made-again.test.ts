import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetPolicyCommand, InvokeCommand } from '@aws-sdk/client-lambda';

import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Stage } from '../../e2e/stack/support/stage';

const NAME = 'iam-key-rotation-app';
const FUNCTIONS = [NAME, 'iam-key-rotation-retire', 'iam-key-rotation-notify'];

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the role of a function', () => {
  const configuration = aStack([aUser('app')], { secretRecoveryDays: 0 });
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(configuration);
  });
  afterAll(() => stage.close());

  const deleteRole = async (RoleName: string): Promise<void> => {
    await stage.account.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: RoleName }));
    await stage.account.iam.send(new DeleteRoleCommand({ RoleName }));
  };
  /** What Lambda says to who invokes it; undefined: it runs the function. */
  const refusalOf = async (FunctionName: string): Promise<string | undefined> => {
    try {
      await stage.account.lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
      return undefined;
    } catch (error) {
      return (error as Error).name;
    }
  };

  it('that a person deletes and makes again under its name leaves a function that Lambda cannot run', async () => {
    const role = { RoleName: NAME };
    const { Role } = await stage.account.iam.send(new GetRoleCommand(role));
    const { PolicyDocument } = await stage.account.iam.send(
      new GetRolePolicyCommand({ ...role, PolicyName: NAME }),
    );
    await deleteRole(NAME);
    await stage.account.iam.send(
      new CreateRoleCommand({
        ...role,
        AssumeRolePolicyDocument: decodeURIComponent(Role!.AssumeRolePolicyDocument!),
      }),
    );
    await stage.account.iam.send(
      new PutRolePolicyCommand({
        ...{ ...role, PolicyName: NAME },
        PolicyDocument: decodeURIComponent(PolicyDocument!),
      }),
    );

    expect(await refusalOf(NAME)).toBe('KMSAccessDeniedException');
    expect(await stage.rotate('app')).toContain('RotationFailed');
  });

  it('is seen by the next plan, which makes the function again, and an apply heals it', async () => {
    expect(await stage.stack.changes(configuration)).toMatchObject({
      'aws_lambda_function.app': 'replace',
      'terraform_data.app_role': 'replace',
    });
    await stage.stack.applyChanges();

    expect(await refusalOf(NAME)).toBeUndefined();
    const { Policy } = await stage.account.lambda.send(new GetPolicyCommand({ FunctionName: NAME }));
    expect(Policy).toContain('secretsmanager.amazonaws.com');
    expect(await stage.rotate('app')).toContain('RotationSucceeded');
  });

  it('that is gone is made again by an apply, with its function, for every function of the stack', async () => {
    // Nobody is to be at work with a role that goes.
    await stage.aws.eventsDelivered();
    for (const name of FUNCTIONS) await deleteRole(name);
    await stage.stack.apply(configuration);

    for (const name of FUNCTIONS) expect(await refusalOf(name)).toBeUndefined();
    expect(await stage.stack.terraform.plan()).toMatchObject({ exitCode: 0 });
    expect((await stage.sweep()).result).toMatchObject({ failedUsers: [] });
  });
});
