import {
  ListSecretsCommand,
  type SecretListEntry,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';

import { rotations } from '../../../../cli/doctor/checks/rotations';
import { contextOf } from '../support/context';

const secrets = mockClient(SecretsManagerClient);
const SCHEDULE = 'cron(0 4 1 * ? *)';

const context = () =>
  contextOf({
    resources: {
      aws_lambda_function: { ci: { function_name: 'iam-key-rotation-ci' } },
      aws_secretsmanager_secret: { ci: { name: 'iam-key-rotation/ci' } },
      aws_secretsmanager_secret_rotation: {
        ci: {
          secret_id: '${aws_secretsmanager_secret.ci.arn}',
          rotation_lambda_arn: '${aws_lambda_function.ci.arn}',
          rotation_rules: { schedule_expression: SCHEDULE },
        },
      },
    },
  });

const GOOD: SecretListEntry = {
  Name: 'iam-key-rotation/ci',
  RotationEnabled: true,
  RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-ci',
  RotationRules: { ScheduleExpression: SCHEDULE },
};

const findingsFor = async (...list: readonly SecretListEntry[]): Promise<readonly string[]> => {
  secrets.reset();
  secrets.on(ListSecretsCommand).resolves({ SecretList: [...list] });
  return (await rotations.run(context())).map(({ severity, found }) => `${severity}: ${found}`);
};

describe('the check of rotations', () => {
  it('finds nothing where the secret is rotated by its function and on its schedule', async () => {
    expect(await findingsFor(GOOD, { Name: 'of-others' })).toEqual([]);
  });

  it('finds a secret that is not there', async () => {
    expect(await findingsFor()).toEqual(['problem: There is no such secret in eu-west-1.']);
  });

  it('finds a secret that is scheduled for deletion, and nothing else of it', async () => {
    const deleted = { ...GOOD, DeletedDate: new Date(0), RotationEnabled: false };
    expect(await findingsFor(deleted)).toEqual(['problem: Somebody has scheduled the secret for deletion.']);
  });

  it('finds a rotation that is off', async () => {
    expect(await findingsFor({ ...GOOD, RotationEnabled: false })).toEqual(['problem: Its rotation is off.']);
  });

  it('finds another function that rotates the secret', async () => {
    const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mine';
    expect(await findingsFor({ ...GOOD, RotationLambdaARN })).toEqual([
      'problem: The function mine rotates it, not iam-key-rotation-ci.',
    ]);
  });

  it('finds another schedule', async () => {
    const RotationRules = { ScheduleExpression: 'rate(90 days)' };
    expect(await findingsFor({ ...GOOD, RotationRules })).toEqual([
      `warning: It is rotated at rate(90 days), and the stack says ${SCHEDULE}.`,
    ]);
  });
});
