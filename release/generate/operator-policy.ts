import { describedAs } from '../../cli/help';
import { policyOf } from '../../cli/policy/permission';
import { createProgram } from '../../cli/program';
import { keepCurrent } from './keep-current';

/** The account of AWS's documentation, and the prefix that a stack has unless it says otherwise. */
const NAMES = {
  partition: 'aws',
  region: 'eu-west-1',
  account: '111122223333',
  prefix: 'iam-key-rotation',
  secretPrefix: 'iam-key-rotation',
};

/*
 * Writes examples/operator-policy.json: what all commands together need.
 * With --check it writes nothing, and fails if the file is out of date.
 */

async function generate(check: boolean): Promise<void> {
  const permissions = createProgram().commands.flatMap((command) => describedAs(command)?.permissions ?? []);
  await keepCurrent(
    'examples/operator-policy.json',
    () => JSON.stringify(policyOf(permissions, NAMES)),
    check,
  );
}

void generate(process.argv.includes('--check'));
