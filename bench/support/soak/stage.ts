import { setTimeout as sleep } from 'node:timers/promises';

import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { MINUTE, type Milliseconds } from '../../../contract/instant';
import type { DeliverySummary } from '../../../handlers/core/delivery/deliver-all';
import type { SweepResult } from '../../../handlers/retire-access-keys/tally';
import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { readKey } from '../../../sandbox/demo/application';
import { environmentWithoutAws } from '../../../sandbox/environment-without-aws';
import type { ClientConfig } from '../../../sandbox/local-aws';
import { AppliedStack } from '../../../test/e2e/stack/support/applied-stack';
import { aStack, aUser } from '../../../test/modules/support/configurations';
import { AskedProcess } from './asked-process';

const PREFIX = 'iam-key-rotation';
const ROTATE = `${PREFIX}-rotate`;
const RETIRE = `${PREFIX}-retire`;
const DELIVER = `${PREFIX}-deliver`;
const FUNCTIONS = [ROTATE, RETIRE, DELIVER, `${PREFIX}-notify`];

const FIELDS = { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' } as const;
const targetOf = ({ key }: Pick<UserConfiguration, 'key'>): string => `soak/${key}`;
const secretOf = ({ key }: UserConfiguration): string => `${PREFIX}/${key}`;

/** How long an application may take to notice a new key: its provider reads every few seconds. */
const PICKED_UP_WITHIN = MINUTE;

export interface WorkOfApplication {
  readonly calls: number;
  readonly failed: number;
  readonly lastFailure?: string;
}

/** A local AWS in a process of its own, a stack that Terraform has applied to it, and an application in another process. */
export class SoakStage {
  readonly #clients: {
    readonly secrets: SecretsManagerClient;
    readonly iam: IAMClient;
    readonly lambda: LambdaClient;
  };

  private constructor(
    readonly users: readonly UserConfiguration[],
    readonly aws: AskedProcess,
    readonly application: AskedProcess,
    private readonly client: ClientConfig,
    private readonly stack: AppliedStack,
  ) {
    this.#clients = clientsWith(client);
  }

  static async open(count: number): Promise<SoakStage> {
    const configuration = configurationOf(count);
    const aws = new AskedProcess('local-aws-process.ts', [], environmentWithoutAws());
    let stack: AppliedStack | undefined;
    try {
      const variables = await aws.ask<Record<string, string>>('variables');
      const client = await aws.ask<ClientConfig>('client');
      const { secrets } = clientsWith(client);
      for (const user of configuration.users)
        await secrets.send(new CreateSecretCommand({ Name: targetOf(user), SecretString: '{}' }));
      stack = new AppliedStack(variables);
      await stack.apply(configuration);
      await aws.ask('reports');
      const application = new AskedProcess('application-process.ts', [secretOf(configuration.users[0]!)], {
        ...environmentWithoutAws(),
        ...variables,
      });
      return new SoakStage(configuration.users, aws, application, client, stack);
    } catch (error) {
      await aws.stop();
      stack?.remove();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.application.stop();
    await this.aws.stop();
    this.stack.remove();
  }

  /** Of some users at the same time, with all that comes of it. @throws Error unless each rotation succeeds at the first try */
  async rotate(users: readonly UserConfiguration[]): Promise<void> {
    for (const user of users)
      await this.#clients.secrets.send(new RotateSecretCommand({ SecretId: secretOf(user) }));
    const reports = await this.aws.ask<readonly string[]>('reports');
    const failed = reports.filter((name) => !['RotationStarted', 'RotationSucceeded'].includes(name));
    const succeeded = reports.filter((name) => name === 'RotationSucceeded');
    if (failed.length > 0 || succeeded.length !== users.length)
      throw new Error(`A rotation failed: ${reports.join(', ')}\n${await this.#logOf(ROTATE)}`);
  }

  /** Until the application works with the current key of its user. */
  async untilPickedUp(): Promise<void> {
    const { accessKeyId } = await readKey({ clientConfig: () => this.client }, secretOf(this.users[0]!));
    const since = Date.now();
    while ((await this.application.ask<string>('keyId')) !== accessKeyId) {
      if (Date.now() - since > PICKED_UP_WITHIN) throw new Error('The application kept its old key.');
      await sleep(100);
    }
  }

  /** @throws Error unless every target holds the current key after it */
  async deliver(): Promise<void> {
    const summary = await this.#invoke<DeliverySummary>(DELIVER, { deliver: 'all' });
    if (summary.pending + summary.failed + summary.usersFailed + summary.notReached > 0)
      throw new Error(`A delivery failed: ${JSON.stringify(summary)}\n${await this.#logOf(DELIVER)}`);
  }

  /** @returns how often the sweep did what. @throws Error where a user's visit failed */
  async sweep(): Promise<Readonly<Record<string, number>>> {
    const result = await this.#invoke<SweepResult>(RETIRE, {});
    if (result.anotherRunIsAtWork || result.failedUsers.length > 0)
      throw new Error(`A sweep failed: ${JSON.stringify(result)}\n${await this.#logOf(RETIRE)}`);
    return result.acts;
  }

  letPass(time: Milliseconds): Promise<void> {
    return this.aws.ask('letPass', time);
  }

  /** How many keys each user has. */
  keys(): Promise<readonly number[]> {
    return Promise.all(
      this.users.map(async ({ userName }) => {
        const { AccessKeyMetadata = [] } = await this.#clients.iam.send(
          new ListAccessKeysCommand({ UserName: userName }),
        );
        return AccessKeyMetadata.length;
      }),
    );
  }

  workOfApplication(): Promise<WorkOfApplication> {
    return this.application.ask('work');
  }

  /** How many invocations of a function have ended with an error: those for an event, which Lambda repeats; others are told at once. */
  async failedInvocations(): Promise<number> {
    const errors = await this.aws.ask<Readonly<Record<string, number>>>('errors', FUNCTIONS);
    return Object.values(errors).reduce((sum, count) => sum + count, 0);
  }

  async #invoke<Result>(name: string, input: object): Promise<Result> {
    const { FunctionError, Payload } = await this.#clients.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(input) }),
    );
    if (FunctionError !== undefined) throw new Error(`${name} failed:\n${await this.#logOf(name)}`);
    return JSON.parse(Buffer.from(Payload!).toString()) as Result;
  }

  #logOf(name: string): Promise<string> {
    return this.aws.ask('log', name);
  }
}

const clientsWith = (client: ClientConfig) => ({
  secrets: new SecretsManagerClient(client),
  iam: new IAMClient(client),
  lambda: new LambdaClient(client),
});

/** Every key is delivered to another secret and to a parameter. */
function configurationOf(count: number): StackConfiguration {
  const keys = Array.from({ length: count }, (_, index) => `user-${index + 1}`);
  return aStack(
    keys.map((key) =>
      aUser(key, {
        deliver: [
          { kind: 'secret', id: targetOf({ key }), fields: FIELDS },
          { kind: 'parameter', name: `/soak/${key}` },
        ],
      }),
    ),
    {
      ...{ functions: 'shared', secretRecoveryDays: 0 },
      alerts: {
        ...{ emails: ['oncall@example.com'], topicArns: [], perFunctionAlarms: true },
        runbookUrl: 'https://wiki.example.com/runbook',
      },
    },
  );
}
