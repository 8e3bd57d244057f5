import { findLosses as findLossesIn, type SortedLosses } from '../../../cli/check-plan/find-losses';
import type { PlannedAction, PlannedChange } from '../../../cli/check-plan/read-plan';

const findLosses = (changes: readonly PlannedChange[], allowances: readonly string[]): SortedLosses =>
  findLossesIn({ changes, drift: [] }, allowances);

const change = (address: string, ...actions: PlannedAction[]): PlannedChange => ({
  address,
  type: address.split('.').at(-2)!,
  actions,
});

describe('When a plan is checked,', () => {
  it.each<[string, PlannedAction[]]>([
    ['destroyed', ['delete']],
    ['replaced', ['delete', 'create']],
    ['replaced', ['create', 'delete']],
  ])('a plan would lose whatever nobody can bring back and is %s (%j)', (kind, actions) => {
    const types = [
      ...['aws_iam_user', 'aws_iam_access_key', 'aws_iam_service_specific_credential'],
      ...[
        'aws_secretsmanager_secret',
        'aws_secretsmanager_secret_version',
        'aws_dynamodb_table',
        'aws_kms_key',
      ],
      ...['aws_s3_bucket', 'aws_cloudtrail'],
    ];
    const changes = types.map((type) => change(`${type}.one`, ...actions));

    const { refused } = findLosses(changes, []);

    expect(refused.map(({ address }) => address)).toEqual(types.map((type) => `${type}.one`));
    expect(new Set(refused.map((loss) => loss.kind))).toEqual(new Set([kind]));
  });

  it.each<PlannedAction>(['no-op', 'create', 'read', 'update', 'forget'])(
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
      '__proto__.a',
      'constructor.a',
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
    const inModule: PlannedChange = { address, type: 'aws_iam_user', actions: ['delete'] };

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

  it('a key that Terraform switches off is a loss, and one that it switches on or tags is none', () => {
    const update = (before: string, after?: string): PlannedChange => ({
      ...change('aws_iam_access_key.velero', 'update'),
      before: { status: before },
      after: { status: after },
    });

    expect(findLosses([update('Active', 'Inactive')], []).refused).toMatchObject([{ kind: 'deactivated' }]);
    expect(findLosses([update('Active')], []).refused).toHaveLength(1);
    expect(findLosses([update('Inactive', 'Active'), update('Active', 'Active')], []).refused).toEqual([]);
  });

  describe('of the rights of a user', () => {
    const attachment = (...actions: PlannedAction[]): PlannedChange => ({
      ...change('aws_iam_user_policy_attachment.velero', ...actions),
      before: { user: 'velero' },
    });
    const exclusive = {
      ...change('aws_iam_policy_attachment.velero', 'delete'),
      before: { users: ['velero', 'loki'] },
    };
    const user: PlannedChange = { ...change('aws_iam_user.velero', 'delete'), before: { name: 'velero' } };

    it.each<[string, PlannedChange]>([
      ['an attached policy', attachment('delete')],
      ['a policy that is taken off before it is attached anew', attachment('delete', 'create')],
      ['a policy of its own', { ...change('aws_iam_user_policy.a', 'delete'), before: { user: 'velero' } }],
      ['its groups', { ...change('aws_iam_user_group_membership.a', 'delete'), before: { user: 'velero' } }],
      ['a policy that others have, too', exclusive],
      ['a policy of which nobody knows whose it is', change('aws_iam_user_policy.a', 'delete')],
    ])('a loss is %s', (_, taken) => {
      expect(findLosses([taken], []).refused).toMatchObject([{ address: taken.address }]);
    });

    it('no losses are those that go together with the user', () => {
      const { refused } = findLosses([attachment('delete'), exclusive, user], []);

      expect(refused).toMatchObject([
        {
          address: 'aws_iam_policy_attachment.velero',
          what: expect.stringContaining('user loki,') as string,
        },
        { address: 'aws_iam_user.velero' },
      ]);
    });

    it('no losses are those that are given anew first, or that a list no longer names', () => {
      const unlisted = { ...attachment('delete'), reason: 'delete_because_each_key' };

      expect(findLosses([attachment('create', 'delete'), unlisted], []).refused).toEqual([]);
    });
  });

  it('a user that is made although its first key was made before is refused, with the way to rename it back', () => {
    const changes: readonly PlannedChange[] = [
      change('module.keys["a.b"].aws_iam_user.user', 'create'),
      {
        ...change('module.keys["a.b"].aws_lambda_invocation.user_first_key', 'delete', 'create'),
        before: { input: '{"Step":"firstKey","SecretId":"arn:…","UserId":"AIDAIOSFODNN7EXAMPLE"}' },
      },
    ];
    const drift = [change('module.keys["a.b"].aws_iam_user.user', 'delete')];

    expect(findLossesIn({ changes, drift }, []).refused).toMatchObject([
      { kind: 'renamed', what: expect.stringContaining("Users[?UserId=='AIDAIOSFODNN7EXAMPLE']") as string },
    ]);
    expect(findLosses(changes.slice(0, 1), []).refused).toEqual([]);
  });

  it('what Terraform did not find is refused, because it may look in another account or region', () => {
    const drift = [
      change('aws_secretsmanager_secret.a', 'delete'),
      change('aws_lambda_function.a', 'delete'),
      change('aws_iam_user.a', 'update'),
    ];
    const changes = [change('aws_secretsmanager_secret.a', 'create')];

    expect(findLossesIn({ changes, drift }, [])).toMatchObject({
      refused: [{ address: 'aws_secretsmanager_secret.a', kind: 'gone' }],
    });
    expect(findLossesIn({ changes, drift }, ['aws_secretsmanager_secret.a']).refused).toEqual([]);
  });
});
