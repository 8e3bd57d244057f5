import { staleFunctions } from '../../../cli/check-plan/stale-functions';
import type { PlannedChange } from '../../../cli/check-plan/read-plan';

const check = (status: string, name = 'code_of_backup', module?: string) => ({ name, status, module });
const change = (...actions: string[]): PlannedChange => ({
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

  it('stale functions do not include what another check says', () => {
    expect(staleFunctions({ checks: [check('fail', 'somebody_elses')], changes: [] })).toEqual([]);
  });

  it.each([[['no-op']], [['update']]])('stale functions include one for which the plan has %j', (actions) => {
    expect(staleFunctions({ checks: [check('fail')], changes: [change(...actions)] })).toHaveLength(1);
  });

  it.each([[['create']], [['delete', 'create']], [['delete']]])(
    'stale functions do not include one for which the plan has %j: it gets the code anew, or goes',
    (actions) => {
      expect(staleFunctions({ checks: [check('fail')], changes: [change(...actions)] })).toEqual([]);
    },
  );
});
