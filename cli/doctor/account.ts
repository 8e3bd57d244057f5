import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient, paginateListRoles, paginateListUsers, type Role, type User } from '@aws-sdk/client-iam';
import { type FunctionConfiguration, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  paginateListSecrets,
  type SecretListEntry,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

import type { Milliseconds } from '../../contract/instant';
import type { AccessKeyStore, JournalStore } from '../../handlers/core/model/ports';
import { type AwsConnection, clientConfig } from '../aws-options';

/** The account as it is. What several checks need is listed once: pages of many, in place of a call for each. */
export class Account {
  readonly cloudTrail: CloudTrailClient;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly scheduler: SchedulerClient;
  readonly secretsManager: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;

  constructor(
    readonly connection: AwsConnection,
    /** How far AWS's clock is ahead of this machine's. */
    readonly clockOffset: Milliseconds,
    /** Asks IAM within its rate. */
    readonly keys: Pick<AccessKeyStore, 'list'>,
    readonly journals: Pick<JournalStore, 'read'>,
    /** The ARN of whoever calls. */
    readonly callerArn: string,
  ) {
    const config = clientConfig(connection);
    this.cloudTrail = new CloudTrailClient(config);
    this.cloudWatch = new CloudWatchClient(config);
    this.logs = new CloudWatchLogsClient(config);
    this.dynamodb = new DynamoDBClient(config);
    this.events = new EventBridgeClient(config);
    this.iam = new IAMClient(config);
    this.lambda = new LambdaClient(config);
    this.scheduler = new SchedulerClient(config);
    this.secretsManager = new SecretsManagerClient(config);
    this.sns = new SNSClient(config);
    this.sqs = new SQSClient(config);
  }

  /** Rules on what IAM reports are in IAM's region. */
  eventsIn(region: string): EventBridgeClient {
    if (region === this.connection.region) return this.events;
    return new EventBridgeClient(clientConfig({ ...this.connection, region }));
  }

  /** A trail of all regions is managed in its home region. */
  cloudTrailIn(region: string): CloudTrailClient {
    if (region === this.connection.region) return this.cloudTrail;
    return new CloudTrailClient(clientConfig({ ...this.connection, region }));
  }

  get partition(): string {
    return this.callerArn.split(':')[1] ?? 'aws';
  }

  /** All functions of the region, by name. */
  readonly functions = once(async (): Promise<ReadonlyMap<string, FunctionConfiguration>> => {
    const all = paginateListFunctions({ client: this.lambda }, {});
    return byName(
      all,
      ({ Functions }) => Functions,
      ({ FunctionName }) => FunctionName,
    );
  });

  /** All secrets of the region, by name; also those that are scheduled for deletion. */
  readonly secrets = once(async (): Promise<ReadonlyMap<string, SecretListEntry>> => {
    const all = paginateListSecrets(
      { client: this.secretsManager },
      { IncludePlannedDeletion: true, MaxResults: 100 },
    );
    return byName(
      all,
      ({ SecretList }) => SecretList,
      ({ Name }) => Name,
    );
  });

  readonly roles = once(async (): Promise<ReadonlyMap<string, Role>> => {
    const all = paginateListRoles({ client: this.iam }, { MaxItems: 1000 });
    return byName(
      all,
      ({ Roles }) => Roles,
      ({ RoleName }) => RoleName,
    );
  });

  readonly users = once(async (): Promise<ReadonlyMap<string, User>> => {
    const all = paginateListUsers({ client: this.iam }, { MaxItems: 1000 });
    return byName(
      all,
      ({ Users }) => Users,
      ({ UserName }) => UserName,
    );
  });

  /** All alarms of the stack, by name. */
  async alarms(namePrefix: string): Promise<ReadonlyMap<string, MetricAlarm>> {
    const all = paginateDescribeAlarms(
      { client: this.cloudWatch },
      { AlarmNamePrefix: namePrefix, AlarmTypes: ['MetricAlarm'] },
    );
    return byName(
      all,
      ({ MetricAlarms }) => MetricAlarms,
      ({ AlarmName }) => AlarmName,
    );
  }
}

function once<Found>(list: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => (found ??= list());
}

async function byName<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  nameOf: (item: Item) => string | undefined,
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  for await (const page of pages) {
    for (const item of itemsOf(page) ?? []) found.set(nameOf(item) ?? '', item);
  }
  return found;
}

/** How AWS's services say that there is no such thing. */
const MISSING = /(NotFound(Exception)?|NoSuchEntity(Exception)?|NonExistentQueue|QueueDoesNotExist)$/;

/** What a call gives; undefined where AWS has no such thing. @throws whatever else it throws */
export async function unlessMissing<Found>(call: Promise<Found>): Promise<Found | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && MISSING.test(error.name)) return undefined;
    throw error;
  }
}
