import { setMaxListeners } from 'node:events';

import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand, type CreateSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';

import { MINUTE, type Milliseconds } from '../../contract/instant';
import { askUntil, pause, persistently, type Answered } from './asking';
import type { AwsConnection } from '../aws-options';
import { createClients, type Clients, type Credentials } from './clients';
import { IAM_PATH, nameOf, TAG, type Part } from './resources';
import { Witness } from './witness';

/** Which account it is, and who asks. */
export interface Caller {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly arn: string;
}

export interface Run {
  readonly caller: Caller;
  readonly clients: Clients;
  /** What these clients are made from. */
  readonly connection: AwsConnection;
  /** In every name of this run. */
  readonly id: string;
  /** Nothing else is made. */
  readonly plan: readonly Part[];
  /** How long to wait for what AWS does when it likes. */
  readonly patience: Milliseconds;
  /** Ctrl-C. */
  readonly stopping: AbortSignal;
}

/** What is new in IAM holds a little later elsewhere. */
const IAM_LAG = MINUTE;

/** The throw-away account, as the checks see it. */
export class Account {
  private constructor(
    private readonly run: Run,
    private readonly sharedWitness: () => Promise<Witness>,
    /** The check has to stop: its time is over, or a person wants it. */
    readonly signal: AbortSignal,
  ) {
    // All that the checks wait for at the same time listens to it; Node.js takes more than ten for a leak, and warns.
    setMaxListeners(Infinity, signal);
  }

  static of(run: Run): Account {
    let witness: Promise<Witness> | undefined;
    const account: Account = new Account(run, () => (witness ??= Witness.make(account)), run.stopping);
    return account;
  }

  /** The same account for a check that has so much time. */
  limitedTo(limit: Milliseconds): Account {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(limit)]);
    return new Account(this.run, this.sharedWitness, signal);
  }

  get caller(): Caller {
    return this.run.caller;
  }

  get clients(): Clients {
    return this.run.clients;
  }

  clientsIn(region: string): Clients {
    return region === this.caller.region ? this.clients : createClients({ ...this.run.connection, region });
  }

  get patience(): Milliseconds {
    return this.run.patience;
  }

  /** One function for all checks, which writes down what invokes it. It is made when the first check asks for it. */
  witness(): Promise<Witness> {
    return this.sharedWitness();
  }

  pause(ms: Milliseconds): Promise<void> {
    return pause(ms, this.signal);
  }

  until<Answer>(
    ask: () => Promise<Answer | undefined>,
    limit: Milliseconds,
    interval?: Milliseconds,
  ): Promise<Answered<Answer> | undefined> {
    const { signal } = this;
    return askUntil(ask, interval === undefined ? { signal, limit } : { signal, limit, interval });
  }

  /** `arn:aws:logs:eu-west-1:111122223333:<rest>` */
  arn(service: string, rest: string): string {
    const { partition, region, accountId } = this.caller;
    return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  }

  /** The name that nothing has: for calls about what is not there. */
  nameOfNothing(part: string): string {
    return nameOf(this.run.id, { kind: 'rule', part });
  }

  /** @throws Error for what was not announced to the person who began this. */
  nameOf(wanted: Part): string {
    this.signal.throwIfAborted();
    const isPlanned = this.run.plan.some(({ kind, part }) => kind === wanted.kind && part === wanted.part);
    if (!isPlanned) throw new Error(`The ${wanted.kind} ${wanted.part} is not in the list of what is made.`);
    return nameOf(this.run.id, wanted);
  }

  /** @returns the name. */
  async makeUser(user: Part): Promise<string> {
    const UserName = this.nameOf(user);
    await this.clients.iam.send(new CreateUserCommand({ UserName, Path: IAM_PATH, Tags: TAGS }));
    return UserName;
  }

  async makeAccessKey(UserName: string): Promise<Credentials> {
    this.signal.throwIfAborted();
    // A user that is new may not be known everywhere yet.
    const { AccessKey } = await persistently(
      () => this.clients.iam.send(new CreateAccessKeyCommand({ UserName })),
      /^NoSuchEntity/,
      { signal: this.signal, limit: IAM_LAG },
    );
    if (AccessKey?.AccessKeyId === undefined || AccessKey.SecretAccessKey === undefined)
      throw new Error('CreateAccessKey answered without a key.');
    return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  }

  /**
   * @param trusts a service; without one, this account, so that the command can assume the role.
   * @returns its ARN.
   */
  async makeRole(role: Part, allows: readonly Statement[], trusts?: string): Promise<string> {
    const RoleName = this.nameOf(role);
    const { partition, accountId } = this.caller;
    const Principal: Readonly<Record<string, string>> =
      trusts === undefined ? { AWS: `arn:${partition}:iam::${accountId}:root` } : { Service: trusts };
    const { Role } = await this.clients.iam.send(
      new CreateRoleCommand({
        ...{ RoleName, Path: IAM_PATH, Tags: TAGS },
        AssumeRolePolicyDocument: policy([{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }]),
      }),
    );
    if (allows.length > 0) {
      const PolicyDocument = policy(allows);
      await this.clients.iam.send(
        new PutRolePolicyCommand({ RoleName, PolicyName: 'allowed', PolicyDocument }),
      );
    }
    if (Role?.Arn === undefined) throw new Error('CreateRole answered without an ARN.');
    return Role.Arn;
  }

  /** Clients with the rights of a role that was just made. */
  async assume(RoleArn: string): Promise<Clients> {
    const { Credentials: session } = await persistently(
      () =>
        this.clients.sts.send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName: 'verify-account', DurationSeconds: 900 }),
        ),
      /^AccessDenied/,
      { signal: this.signal, limit: IAM_LAG },
    );
    if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken)
      throw new Error('AssumeRole answered without credentials.');
    return createClients({
      region: this.caller.region,
      credentials: {
        accessKeyId: session.AccessKeyId,
        secretAccessKey: session.SecretAccessKey,
        sessionToken: session.SessionToken,
      },
    });
  }

  /** With this value, or without any version. The values are no secrets. */
  async makeSecret(secret: Part, SecretString?: string): Promise<MadeSecret> {
    const Name = this.nameOf(secret);
    const { ARN, VersionId }: CreateSecretCommandOutput = await this.clients.secrets.send(
      new CreateSecretCommand({ Name, Tags: TAGS, ...(SecretString === undefined ? {} : { SecretString }) }),
    );
    if (ARN === undefined) throw new Error('CreateSecret answered without an ARN.');
    return { name: Name, arn: ARN, versionId: VersionId };
  }

  /** @returns its name. */
  async makeLogGroup(group: Part): Promise<string> {
    const logGroupName = this.nameOf(group);
    await this.clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
    return logGroupName;
  }
}

export interface MadeSecret {
  readonly name: string;
  readonly arn: string;
  /** Of the value that it was made with. */
  readonly versionId: string | undefined;
}

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource?: string;
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: object;
}

export const policy = (Statement: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

export const TAGS = [{ Key: TAG.key, Value: TAG.value }];
