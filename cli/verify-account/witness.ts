import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';

import { MINUTE, SECOND, type Instant } from '../../contract/instant';
import type { Account, MadeSecret } from './account';
import { persistently } from './asking';
import { NAME_PREFIX, TAG, type Part } from './resources';

const FUNCTION: Part = { kind: 'function', part: 'witness' };
const ROLE: Part = { kind: 'role', part: 'witness' };
const LOG_GROUP: Part = { kind: 'log group', part: 'witness' };

/** What a check makes that asks for the witness. */
export const WITNESS_PARTS: readonly Part[] = [FUNCTION, ROLE, LOG_GROUP];

/** Secrets whose names end so have testSecret fail, or createSecret last for some seconds before it fails. */
export const FAILING_TEST = 'failing-test';
export const SLOW_FAILURE = 'pending-off';

/** How long createSecret lasts there: a label is taken off meanwhile. */
export const SLOWNESS = 8 * SECOND;

const MARK = 'WITNESS ';

/**
 * Every rotation fails in createSecret, on purpose. Of an event it writes down what tells it apart, and never the
 * RotationToken.
 */
const CODE = `
exports.handler = async (event) => {
  const { Step: step, SecretId: secret, ClientRequestToken: token, detail = {} } = event;
  const seen =
    step === undefined
      ? { name: detail.eventName, secret: detail.additionalEventData?.SecretId ?? detail.requestParameters?.secretId }
      : { step, secret, token };
  console.log(${JSON.stringify(MARK)} + JSON.stringify({ at: Date.now(), ...seen }));
  if (step === undefined) return;
  const name = secret.replace(/-.{6}$/, '');
  if (step === 'testSecret' && !name.endsWith('-${FAILING_TEST}')) return;
  if (name.endsWith('-${SLOW_FAILURE}')) await new Promise((done) => setTimeout(done, ${SLOWNESS}));
  throw new Error('This function fails on purpose: it belongs to iam-key-rotation verify-account.');
};
`;

/** One invocation by Secrets Manager, as the function wrote it down. */
export interface SeenStep {
  readonly at: Instant;
  readonly step: string;
  readonly token: string;
  /** ARN */
  readonly secret: string;
}

/** One invocation by a rule of EventBridge. */
export interface SeenEvent {
  readonly at: Instant;
  /** `RotationFailed`, or the name of the call. */
  readonly name?: string;
  /** ARN or name. */
  readonly secret?: string;
}

/** A function that writes down what invokes it, and fails where it is to rotate. */
export class Witness {
  private constructor(
    private readonly account: Account,
    readonly functionName: string,
    readonly functionArn: string,
    private readonly logGroupName: string,
  ) {}

  static async make(account: Account): Promise<Witness> {
    const { clients, caller } = account;
    const logGroupName = await account.makeLogGroup(LOG_GROUP);
    const Role = await account.makeRole(
      ROLE,
      [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: account.arn('logs', `log-group:${logGroupName}:*`),
        },
      ],
      'lambda.amazonaws.com',
    );
    const FunctionName = account.nameOf(FUNCTION);
    // "The role defined for the function cannot be assumed by Lambda", while the role is new.
    const { FunctionArn } = await persistently(
      () =>
        clients.lambda.send(
          new CreateFunctionCommand({
            ...{ FunctionName, Role, Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 30 },
            Code: { ZipFile: zipSync({ 'index.js': Buffer.from(CODE) }) },
            LoggingConfig: { LogGroup: logGroupName },
            Tags: { [TAG.key]: TAG.value },
          }),
        ),
      /^InvalidParameterValue/,
      { signal: account.signal, limit: MINUTE },
    );
    if (FunctionArn === undefined) throw new Error('CreateFunction answered without an ARN.');
    await waitUntilFunctionActiveV2(
      { client: clients.lambda, maxWaitTime: 60, abortSignal: account.signal },
      { FunctionName },
    );
    const permission = { FunctionName, Action: 'lambda:InvokeFunction' };
    await clients.lambda.send(
      new AddPermissionCommand({
        ...{ ...permission, StatementId: 'rotations', Principal: 'secretsmanager.amazonaws.com' },
        SourceAccount: caller.accountId,
      }),
    );
    await clients.lambda.send(
      new AddPermissionCommand({
        ...{ ...permission, StatementId: 'rules', Principal: 'events.amazonaws.com' },
        SourceArn: account.arn('events', `rule/${NAME_PREFIX}*`),
      }),
    );
    return new Witness(account, FunctionName, FunctionArn, logGroupName);
  }

  /** The steps of rotations of this secret so far, oldest first. A log shows some seconds late. */
  async stepsOf(secret: MadeSecret): Promise<readonly SeenStep[]> {
    return (await this.saw(secret)).filter((seen) => 'step' in seen);
  }

  /** The events about this secret so far, oldest first. */
  async eventsOf(secret: MadeSecret): Promise<readonly SeenEvent[]> {
    return (await this.saw(secret)).filter((seen) => !('step' in seen));
  }

  private async saw(secret: MadeSecret): Promise<readonly (SeenStep | SeenEvent)[]> {
    const { logs } = this.account.clients;
    const seen: (SeenStep | SeenEvent)[] = [];
    for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
      const page = await logs.send(
        new FilterLogEventsCommand({ logGroupName: this.logGroupName, nextToken }),
      );
      seen.push(...(page.events ?? []).flatMap(({ message }) => read(message)));
      nextToken = page.nextToken;
    }
    return seen
      .filter((one) => one.secret === secret.arn || one.secret === secret.name)
      .sort((one, other) => one.at - other.at);
  }
}

function read(message = ''): readonly (SeenStep | SeenEvent)[] {
  const from = message.indexOf(MARK);
  return from < 0 ? [] : [JSON.parse(message.slice(from + MARK.length)) as SeenStep | SeenEvent];
}
