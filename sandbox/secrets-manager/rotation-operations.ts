import type { SandboxClock } from '../clock';
import { jsonAnswer } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { RotationEngine } from './rotation-engine';
import type { RotationSteps } from './rotation-steps';
import { CURRENT, PENDING, type RotationRules, type Secret, versionLabelled } from './secret';
import type { Secrets } from './secrets';
import { requestToken } from './value-operations';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html */
export function rotationOperations(
  secrets: Secrets,
  rotations: RotationEngine,
  steps: RotationSteps,
  clock: SandboxClock,
): OperationTable {
  return {
    'secretsmanager:RotateSecret': async (call) => {
      const secret = secrets.writable(call);
      const token = requestToken(call);
      const lambdaArn =
        (call.parameters['RotationLambdaARN'] as string | undefined) ?? secret.rotation?.lambdaArn;
      const rules = (call.parameters['RotationRules'] as RotationRules | undefined) ?? secret.rotation?.rules;
      const answer = jsonAnswer({ ARN: secret.arn, Name: secret.name, VersionId: token });
      if (lambdaArn === undefined) {
        throw new ApiError(
          'InvalidRequestException',
          'No Lambda rotation function ARN is associated with this secret.',
        );
      }
      requireRules(rules);
      await requireInvokable(steps, secret, lambdaArn);

      const pending = versionLabelled(secret, PENDING);
      if (pending && pending !== versionLabelled(secret, CURRENT)) {
        // The same request once more, because its answer was lost.
        if (pending.id === token) return answer;
        if (secret.rotation) rotations.reattempt(secret, pending.id);
        throw new ApiError(
          'InvalidRequestException',
          "A previous rotation isn't complete. That rotation will be reattempted.",
        );
      }
      if (secret.versions.get(token)?.value) return answer;
      const configuredAt = secret.rotation?.rules === rules ? secret.rotation.configuredAt : undefined;
      secret.rotation = { enabled: true, lambdaArn, rules, configuredAt: configuredAt ?? clock.now() };
      secret.changedAt = clock.now();
      if (call.parameters['RotateImmediately'] === false) rotations.startTest(secret, token);
      else rotations.start(secret, token);
      return answer;
    },
    'secretsmanager:CancelRotateSecret': async (call) => {
      const secret = secrets.writable(call);
      if (secret.rotation) secret.rotation.enabled = false;
      rotations.cancel(secret);
      return Promise.resolve(jsonAnswer({ ARN: secret.arn, Name: secret.name }));
    },
  };
}

function requireRules(rules: RotationRules | undefined): asserts rules is RotationRules {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression, Duration: window } = rules ?? {};
  const hours = /^rate\((\d+) hours?\)$/.exec(expression ?? '')?.[1];
  const wrong =
    (days === undefined) === (expression === undefined)
      ? 'You must specify either AutomaticallyAfterDays or ScheduleExpression, not both.'
      : days !== undefined && (days < 1 || days > 1000)
        ? 'AutomaticallyAfterDays must be between 1 and 1000.'
        : expression !== undefined && !/^(rate|cron)\(.+\)$/.test(expression)
          ? `The schedule expression ${expression} is not valid.`
          : hours !== undefined && Number(hours) < 4
            ? 'A secret can be rotated every 4 hours at most.'
            : window !== undefined && !/^\d{1,2}h$/.test(window)
              ? `The rotation window ${window} is not valid.`
              : undefined;
  if (wrong !== undefined) throw new ApiError('InvalidParameterException', wrong);
}

async function requireInvokable(steps: RotationSteps, secret: Secret, lambdaArn: string): Promise<void> {
  switch (await steps.obstacle(secret, lambdaArn)) {
    case 'missing':
      throw new ApiError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the Lambda function ${lambdaArn}.`,
      );
    case 'forbidden':
      throw new ApiError(
        'AccessDeniedException',
        'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      );
    case undefined:
  }
}
