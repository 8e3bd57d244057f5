import { replacementOf, staleFunctions } from '../../../cli/check-plan/stale-functions';
import type { PlannedAction, PlannedChange } from '../../../cli/check-plan/read-plan';

const check = (status: string, name = 'code_of_backup', module?: string) => ({ name, status, module });
const change = (...actions: PlannedAction[]): PlannedChange => ({
  address: 'aws_lambda_function.backup',
  type: 'aws_lambda_function',
  actions,
});

describe('When a plan is checked,', () => {
  it('stale functions, which do not run the code of the configuration, are those whose check fails, by their address', () => {
    const checks = [check('fail'), check('pass', 'code_of_retire'), check('unknown', 'code_of_notify')];

    expect(staleFunctions({ checks, changes: [] })).toEqual(['aws_lambda_function.backup']);
  });

  it('stale functions have the path of their module before their address', () => {
    const checks = [check('fail', 'code_of_retire', 'module.keys["a"]')];

    expect(staleFunctions({ checks, changes: [] })).toEqual(['module.keys["a"].aws_lambda_function.retire']);
  });

  it('stale functions have their index, where there is one or none of them', () => {
    const checks = [check('fail', 'code_of_respond', 'module.leaks')];
    const address = 'module.leaks.aws_lambda_function.respond[0]';
    const planned = (...actions: PlannedAction[]): PlannedChange => ({ ...change(...actions), address });

    expect(staleFunctions({ checks, changes: [planned('no-op')] })).toEqual([address]);
    expect(staleFunctions({ checks, changes: [planned('delete', 'create')] })).toEqual([]);
  });

  it('stale functions do not include what another check says', () => {
    expect(staleFunctions({ checks: [check('fail', 'somebody_elses')], changes: [] })).toEqual([]);
  });

  it.each<[PlannedAction[]]>([[['no-op']], [['update']]])(
    'stale functions include one for which the plan has %j',
    (actions) => {
      expect(staleFunctions({ checks: [check('fail')], changes: [change(...actions)] })).toHaveLength(1);
    },
  );

  it.each<[PlannedAction[]]>([[['create']], [['delete', 'create']], [['delete']]])(
    'stale functions do not include one for which the plan has %j: it gets the code anew, or goes',
    (actions) => {
      expect(staleFunctions({ checks: [check('fail')], changes: [change(...actions)] })).toEqual([]);
    },
  );

  it('a function is replaced with what AWS deletes together with it, wherever it stands', () => {
    const part = (address: string, type: string, name: string): PlannedChange => ({
      ...{ address, type, actions: ['no-op'], before: { function_name: name } },
    });
    const changes = [
      part('aws_lambda_function.notify', 'aws_lambda_function', 'keys-notify'),
      part('aws_lambda_permission.notify-alarms', 'aws_lambda_permission', 'keys-notify'),
      part('module.a.aws_lambda_permission.events', 'aws_lambda_permission', 'keys-notify'),
      part(
        'aws_lambda_function_event_invoke_config.notify',
        'aws_lambda_function_event_invoke_config',
        'keys-notify',
      ),
      part('aws_lambda_permission.retire', 'aws_lambda_permission', 'keys-retire'),
      part('aws_lambda_invocation.notify', 'aws_lambda_invocation', 'keys-notify'),
    ];

    expect(replacementOf(['aws_lambda_function.notify'], { changes })).toEqual([
      'aws_lambda_function.notify',
      'aws_lambda_permission.notify-alarms',
      'module.a.aws_lambda_permission.events',
      'aws_lambda_function_event_invoke_config.notify',
    ]);
  });
});
