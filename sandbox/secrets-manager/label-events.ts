import type { EventBus } from '../eventbridge/event-bus';
import type { AuthenticatedCall, Operation, OperationTable } from '../front/api-call';
import { PENDING, PREVIOUS, type Secret } from './secret';
import type { Secrets } from './secrets';

const MOVING = ['CreateSecret', 'PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'];

/**
 * Tells EventBridge of every label that went to another version, but AWSPENDING and AWSPREVIOUS: Secrets Manager does so
 * by itself, without a trail.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 */
export function withLabelEvents(operations: OperationTable, secrets: Secrets, bus: EventBus): OperationTable {
  const telling =
    (operation: Operation): Operation =>
    async (call) => {
      const before = labelsOf(secretOf(call, secrets));
      const answer = await operation(call);
      const secret = secretOf(call, secrets);
      for (const [label, versionId] of labelsOf(secret)) {
        if (secret === undefined || before.get(label) === versionId) continue;
        bus.put(secret.region, {
          source: 'aws.secretsmanager',
          detailType: 'Secret Label Updated',
          resources: [secret.arn],
          detail: { name: secret.name, labelUpdated: label, versionId },
        });
      }
      return answer;
    };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      MOVING.includes(name.replace(/^secretsmanager:/, '')) ? telling(operation) : operation,
    ]),
  );
}

const secretOf = ({ parameters, region }: AuthenticatedCall, secrets: Secrets): Secret | undefined =>
  secrets.find(String(parameters['SecretId'] ?? parameters['Name']), region);

const labelsOf = (secret: Secret | undefined): ReadonlyMap<string, string> =>
  new Map(
    [...(secret?.versions.values() ?? [])].flatMap(({ id, labels }) =>
      [...labels]
        .filter((label) => label !== PENDING && label !== PREVIOUS)
        .map((label) => [label, id] as const),
    ),
  );
