import { findLosses } from '../../../cli/check-plan/find-losses';
import type { PlannedChange } from '../../../cli/check-plan/read-plan';

const change = (address: string, ...actions: string[]): PlannedChange => ({
  address,
  type: address.split('.').at(-2)!,
  actions,
});

describe('When a plan is checked,', () => {
  it.each([
    ['destroyed', ['delete']],
    ['replaced', ['delete', 'create']],
    ['replaced', ['create', 'delete']],
  ])('a plan would lose a user, a secret, a table or a key that is %s (%j)', (kind, actions) => {
    const types = ['aws_iam_user', 'aws_secretsmanager_secret', 'aws_dynamodb_table', 'aws_kms_key'];
    const changes = types.map((type) => change(`${type}.one`, ...actions));

    const { refused } = findLosses(changes, []);

    expect(refused.map(({ address }) => address)).toEqual(types.map((type) => `${type}.one`));
    expect(new Set(refused.map((loss) => loss.kind))).toEqual(new Set([kind]));
  });

  it.each([['no-op'], ['create'], ['read'], ['update'], ['forget']])(
    'a plan that only says %s of a user loses nothing',
    (action) => {
      expect(findLosses([change('aws_iam_user.one', action)], [])).toEqual({
        ...{ refused: [], allowed: [], unused: [] },
      });
    },
  );

  it('a function, a policy or a schedule is no loss, because it can be made again', () => {
    const changes = [
      'aws_lambda_function.a',
      'aws_iam_role_policy.a',
      'aws_secretsmanager_secret_rotation.a',
    ];

    expect(
      findLosses(
        changes.map((address) => change(address, 'delete', 'create')),
        [],
      ).refused,
    ).toEqual([]);
  });

  it('a loss is found in modules and instances, too', () => {
    const address = 'module.users["a"].aws_iam_user.one';
    const inModule = { address, type: 'aws_iam_user', actions: ['delete'] };

    expect(findLosses([inModule], []).refused).toMatchObject([{ address }]);
  });

  it('a loss is allowed by its address alone, and an unused allowance is reported', () => {
    const changes = [change('aws_iam_user.one', 'delete'), change('aws_secretsmanager_secret.one', 'delete')];

    expect(findLosses(changes, ['aws_iam_user.one', 'aws_iam_user.on'])).toMatchObject({
      refused: [{ address: 'aws_secretsmanager_secret.one' }],
      allowed: [{ address: 'aws_iam_user.one' }],
      unused: ['aws_iam_user.on'],
    });
  });
});
