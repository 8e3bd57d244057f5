import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';

import { MINUTE, SECOND, type Milliseconds } from '../../contract/instant';
import type { DeliverAllPorts, OutsidePorts } from '../core/delivery/delivery-ports';
import type { RespondPorts } from '../core/leaks/respond';
import type { NotificationPorts } from '../core/notifications/notification-ports';
import type { Log, RotationPorts } from '../core/model/ports';
import type { SweepPorts } from '../core/retirement/retirement-ports';
import { LONGEST_TRY } from './change-once';
import { CloudTrailUsageTrail } from './cloudtrail-usage-trail';
import { DynamoDbAcknowledgementStore } from './dynamodb-acknowledgement-store';
import { DynamoDbDeliveryJournalStore } from './dynamodb-delivery-journal-store';
import { DynamoDbEmergencyStore } from './dynamodb-emergency-store';
import { DynamoDbFindingStore } from './dynamodb-finding-store';
import { DynamoDbJournalStore } from './dynamodb-journal-store';
import { DynamoDbNotificationStore } from './dynamodb-notification-store';
import { DynamoDbSettingsStore } from './dynamodb-settings-store';
import { DynamoDbSweepLog } from './dynamodb-sweep-log';
import { DynamoDbToldActsStore } from './dynamodb-told-acts-store';
import { DynamoDbUserDirectory } from './dynamodb-user-directory';
import { EcsRestartTargets } from './ecs-restart-targets';
import { EventBridgeLifecycle } from './eventbridge-lifecycle';
import { IamAccessKeyStore } from './iam-access-key-store';
import { IamQuarantineReader } from './iam-quarantine-reader';
import { LambdaRotationFunctions } from './lambda-rotation-functions';
import { SecretsManagerRotationRequests } from './secrets-manager-rotation-requests';
import { SecretsManagerSecretTargets } from './secrets-manager-secret-targets';
import { SecretsManagerSecretStore } from './secrets-manager-secret-store';
import { SecretsManagerTokens } from './secrets-manager-tokens';
import { SsmParameterTargets } from './ssm-parameter-targets';
import { SnsTopic } from './sns-topic';
import { StsCredentialProbe } from './sts-credential-probe';

/** Makes what sends requests, and gives up after these times. */
export type NewRequestHandler = (limits: {
  readonly connectionTimeout: Milliseconds;
  readonly requestTimeout: Milliseconds;
  readonly throwOnRequestTimeout: true;
}) => NodeHttpHandler;

/** The time limit of a rotation function, and what it takes to get there. */
const LONGEST_INVOCATION = 11 * MINUTE;

const requestHandlers = (create: NewRequestHandler) => ({
  /** Short enough that the SDK's three tries and its pauses fit into LONGEST_CALL. */
  usual: create({ connectionTimeout: 2 * SECOND, requestTimeout: 4 * SECOND, throwOnRequestTimeout: true }),
  /** One try has nearly all of LONGEST_CALL: an answer that was not waited for costs a step, and the rest of a lease. */
  patient: create({
    connectionTimeout: 2 * SECOND,
    requestTimeout: LONGEST_TRY,
    throwOnRequestTimeout: true,
  }),
  /** For an invocation whose answer is waited for. */
  enduring: create({
    connectionTimeout: 2 * SECOND,
    requestTimeout: LONGEST_INVOCATION,
    throwOnRequestTimeout: true,
  }),
  /** No work waits for an event. */
  brief: create({ connectionTimeout: 1 * SECOND, requestTimeout: 2 * SECOND, throwOnRequestTimeout: true }),
});

const OF_LAMBDA = requestHandlers((limits) => new NodeHttpHandler(limits));

const handlersFor = ({ newRequestHandler }: AwsClientOptions): ReturnType<typeof requestHandlers> =>
  newRequestHandler === undefined ? OF_LAMBDA : requestHandlers(newRequestHandler);

/**
 * Lambda freezes a function between two invocations, and the connections that it kept die meanwhile, without a word:
 * "Attempting to reuse an idle connection when invoking a function will result in a connection error." A question would
 * be repeated; a change of a key is sent once only, and would count as unanswered. So every invocation begins by closing
 * what the one before it left open, at the price of one handshake for each service.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
 */
export function closeKeptConnections(): void {
  for (const handler of Object.values(OF_LAMBDA)) handler.destroy();
}

type OursNotAws = 'clock' | 'log' | 'newHolder' | 'lifecycle' | 'metrics';

export type AwsRotationPorts = Omit<RotationPorts, OursNotAws>;

export interface AwsClientOptions {
  /**
   * How far AWS's clock is ahead of this machine's, in milliseconds. Requests are signed with AWS's time, which refuses
   * those that are more than 5 minutes off.
   *
   * @default 0, as on Lambda, which keeps its clocks
   */
  readonly systemClockOffset?: number;
  /** @default a direct way, as on Lambda */
  readonly newRequestHandler?: NewRequestHandler;
  /** Where and as whom requests are sent. @default the environment's region and credentials, as on Lambda */
  readonly connection?: Connection;
}

interface Connection {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
}

/** The ports of a rotation that are AWS. */
export function createRotationPorts(tableName: string, options: AwsClientOptions = {}): AwsRotationPorts {
  const { repeatable, onceOnly } = clientConfigs(options);
  const dynamodb = new DynamoDBClient(repeatable);
  return {
    keys: new IamAccessKeyStore(new IAMClient(repeatable), new IAMClient(onceOnly)),
    secrets: new SecretsManagerSecretStore(
      new SecretsManagerClient(repeatable),
      new SecretsManagerClient(onceOnly),
    ),
    probe: new StsCredentialProbe(repeatable),
    journals: new DynamoDbJournalStore(dynamodb, tableName),
    deliveries: new DynamoDbDeliveryJournalStore(dynamodb, tableName),
    settings: new DynamoDbSettingsStore(dynamodb, tableName),
  };
}

/** The ports of a sweep that are AWS. IAM is tried once: the pacer has to see when it throttles. */
export function createSweepPorts(
  tableName: string,
  options: AwsClientOptions = {},
): Omit<SweepPorts, OursNotAws> {
  const { repeatable, onceOnly } = clientConfigs(options);
  const dynamodb = new DynamoDBClient(repeatable);
  return {
    ...createRotationPorts(tableName, options),
    keys: new IamAccessKeyStore(new IAMClient({ ...repeatable, maxAttempts: 1 }), new IAMClient(onceOnly), {
      whenThrottled: 'throw',
    }),
    rotations: new SecretsManagerRotationRequests(new SecretsManagerClient(repeatable)),
    directory: new DynamoDbUserDirectory(dynamodb, tableName),
    sweeps: new DynamoDbSweepLog(dynamodb, tableName),
    trail: new CloudTrailUsageTrail(new CloudTrailClient(repeatable)),
    findings: new DynamoDbFindingStore(dynamodb, tableName),
    acknowledgements: new DynamoDbAcknowledgementStore(dynamodb, tableName),
  };
}

/** Where words about keys are kept. */
export const createAcknowledgementStore = (
  tableName: string,
  options: AwsClientOptions,
): DynamoDbAcknowledgementStore =>
  new DynamoDbAcknowledgementStore(new DynamoDBClient(clientConfigs(options).repeatable), tableName);

/** Where it is kept when emergencies of many users began. */
export const createEmergencyStore = (tableName: string, options: AwsClientOptions): DynamoDbEmergencyStore =>
  new DynamoDbEmergencyStore(new DynamoDBClient(clientConfigs(options).repeatable), tableName);

/** The ports of a delivery that are AWS. */
export function createDeliveryPorts(tableName: string): Omit<
  DeliverAllPorts,
  OursNotAws | keyof OutsidePorts
> & {
  readonly settings: RotationPorts['settings'];
} {
  const { repeatable, onceOnly } = clientConfigs({});
  const dynamodb = new DynamoDBClient(repeatable);
  const secretsManager = new SecretsManagerClient(repeatable);
  const secretsManagerOnce = new SecretsManagerClient(onceOnly);
  const deliveries = new DynamoDbDeliveryJournalStore(dynamodb, tableName);
  return {
    secrets: new SecretsManagerSecretStore(secretsManager, secretsManagerOnce),
    journals: new DynamoDbJournalStore(dynamodb, tableName),
    settings: new DynamoDbSettingsStore(dynamodb, tableName),
    directory: new DynamoDbUserDirectory(dynamodb, tableName),
    deliveries,
    deliveryJournals: deliveries,
    secretTargets: new SecretsManagerSecretTargets(secretsManager, secretsManagerOnce),
    parameterTargets: new SsmParameterTargets(new SSMClient(onceOnly)),
    restartTargets: new EcsRestartTargets(new ECSClient(repeatable), new ECSClient(onceOnly)),
    tokens: new SecretsManagerTokens(secretsManager),
  };
}

/**
 * `repeatable` is for what may be performed twice, or late: questions, the table's conditional writes, and values that
 * are put under a token of their own. For `onceOnly` see `changeOnce`.
 */
const clientConfigs = (options: AwsClientOptions) => {
  const { systemClockOffset = 0, connection } = options;
  const { usual, patient } = handlersFor(options);
  return {
    repeatable: { ...connection, systemClockOffset, requestHandler: usual, maxAttempts: 3 },
    onceOnly: { ...connection, systemClockOffset, requestHandler: patient, maxAttempts: 1 },
  };
};

/**
 * Makes the event sender of one invocation, which logs with that invocation's own log. One retry, and no more than some
 * seconds in all. Nothing is sent twice that EventBridge has acknowledged; where an answer is lost, a listener may get an
 * event twice, as EventBridge's own delivery allows.
 *
 * @param stack the stack's prefix
 */
export function createLifecycle(
  stack: string,
  options: Omit<AwsClientOptions, 'systemClockOffset'> = {},
): (log: Log) => EventBridgeLifecycle {
  const client = new EventBridgeClient({
    ...options.connection,
    requestHandler: handlersFor(options).brief,
    maxAttempts: 2,
  });
  return (log) => new EventBridgeLifecycle(client, stack, log);
}

/** The ports of the notification function that are AWS. */
export function createNotificationPorts(
  tableName: string,
  topicArns: readonly string[],
): Omit<NotificationPorts, OursNotAws> {
  const { repeatable } = clientConfigs({});
  const dynamodb = new DynamoDBClient(repeatable);
  const sns = new SNSClient(repeatable);
  return {
    notifications: new DynamoDbNotificationStore(dynamodb, tableName),
    acts: new DynamoDbToldActsStore(dynamodb, tableName),
    topics: topicArns.map((arn) => new SnsTopic(sns, arn)),
    settings: new DynamoDbSettingsStore(dynamodb, tableName),
    journals: new DynamoDbJournalStore(dynamodb, tableName),
    findings: new DynamoDbFindingStore(dynamodb, tableName),
    sweeps: new DynamoDbSweepLog(dynamodb, tableName),
  };
}

/**
 * The ports of the responder that are AWS.
 *
 * @param rotationFunctionOf the name of the function that rotates a user
 */
export function createRespondPorts(
  tableName: string,
  rotationFunctionOf: (stableKey: string) => string,
): Omit<RespondPorts, OursNotAws> {
  const { repeatable } = clientConfigs({});
  const lambda = new LambdaClient({ requestHandler: OF_LAMBDA.enduring, maxAttempts: 1 });
  return {
    directory: new DynamoDbUserDirectory(new DynamoDBClient(repeatable), tableName),
    functions: new LambdaRotationFunctions(lambda, rotationFunctionOf, LONGEST_INVOCATION),
    trail: new CloudTrailUsageTrail(new CloudTrailClient(repeatable)),
  };
}

/** What AWS has attached to users; asked only in stacks that answer leaks. */
export const createQuarantineReader = (): IamQuarantineReader =>
  new IamQuarantineReader(new IAMClient(clientConfigs({}).repeatable));
