import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';

import type { Resource } from '../../import-blocks/synthesized-stack';
import { type Check, type Context, type Finding, problem, warning } from '../check';
import { text } from '../expected';
import { applied } from '../remedies';

export const rotations: Check = {
  name: 'rotations',
  looksAt: 'the secrets, and whether each is rotated by its function and on its schedule',
  permissions: ['secretsmanager:ListSecrets'],
  async run(context) {
    const secrets = await context.account.secrets();
    return context.expected.of('aws_secretsmanager_secret_rotation').flatMap((resource) => {
      const name = context.expected.nameAt(text(resource, 'secret_id'));
      return findings(name, secrets.get(name), resource, context);
    });
  },
};

function findings(
  name: string,
  secret: SecretListEntry | undefined,
  resource: Resource,
  { expected }: Context,
): readonly Finding[] {
  if (secret === undefined)
    return [problem(name, `There is no such secret in ${expected.region}.`, applied(expected))];
  if (secret.DeletedDate !== undefined) {
    return [
      problem(
        name,
        'Somebody has scheduled the secret for deletion.',
        `aws secretsmanager restore-secret --secret-id ${name} (docs/runbook.md#secret-deleted)`,
      ),
    ];
  }
  if (secret.RotationEnabled !== true) {
    return [
      problem(
        name,
        'Its rotation is off.',
        `Find out who switched it off: look in CloudTrail for CancelRotateSecret. Then: ${applied(expected)}`,
      ),
    ];
  }
  const wanted = expected.nameAt(text(resource, 'rotation_lambda_arn'));
  const rotatedBy = secret.RotationLambdaARN?.split(':')[6];
  if (rotatedBy !== wanted)
    return [
      problem(name, `The function ${rotatedBy ?? '(none)'} rotates it, not ${wanted}.`, applied(expected)),
    ];
  const schedule = scheduleOf(resource);
  const found = secret.RotationRules?.ScheduleExpression;
  if (schedule === undefined || found === undefined || found === schedule) return [];
  return [warning(name, `It is rotated at ${found}, and the stack says ${schedule}.`, applied(expected))];
}

function scheduleOf(resource: Resource): string | undefined {
  // A state has a list of blocks, also where there is one at most.
  const [rules] = [resource.arguments['rotation_rules']].flat();
  const found =
    typeof rules === 'object' && rules !== null && 'schedule_expression' in rules
      ? rules.schedule_expression
      : undefined;
  return typeof found === 'string' ? found : undefined;
}
