import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Stage } from '../../e2e/stack/support/stage';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the removal of a user', () => {
  const users = (...removed: readonly { readonly decommission: boolean }[]) =>
    aStack([aUser('app'), ...removed.map((own) => aUser('backup', own))], { secretRecoveryDays: 0 });
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(users({ decommission: false }));
  });
  afterAll(() => stage.close());

  it('is taken for announced by Terraform after an apply in which the function could not be invoked', async () => {
    const refusal = stage.aws.inject({
      match: { service: 'lambda', action: 'Invoke' },
      fault: { kind: 'refuse', code: 'CodeArtifactUserPendingException', message: 'Pending', status: 409 },
      times: 100,
    });
    await stage.stack.failToApply(users({ decommission: true }));
    refusal.remove();

    expect(await stage.stack.terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  it('is refused then by the function, and nothing of the user is lost', async () => {
    const output = await stage.stack.failToApply(users());

    expect(output).toContain('The apply that announced this failed');
    expect(await stage.rotate('backup')).toContain('RotationSucceeded');
  });

  it('is done when it was announced once more, as the refusal says', async () => {
    await stage.stack.apply(users({ decommission: false }));
    await stage.stack.apply(users({ decommission: true }));
    await stage.stack.apply(users());

    expect((await stage.account.inventory())['users']).toEqual(['app']);
  });
});
