import { CreatePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetPolicyCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';

import type { FunctionLayout, StackConfiguration } from '../../../../modules/config/configuration';
import { type LocalAws, startLocalAws } from '../../../../sandbox/local-aws';
import { aStack, aUser } from '../../../modules/support/configurations';
import { type Authorizer, createAuthorizer } from '../../../support/iam-evaluation/authorizer';
import { InjectedMishap } from '../../faults/support/injected-mishap';
import type { Mishap } from '../../faults/support/mishaps';
import { withTimePassing } from '../../faults/support/passing-time';
import { Account } from '../../../e2e/stack/support/account';
import { AppliedStack } from '../../../e2e/stack/support/applied-stack';

export const ACCOUNT_ID = '111122223333';
export const PREFIX = 'iam-key-rotation';
export const ROLE_PATH = '/rotation/';
const KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555`;

/** What an organisation allows such roles at most. It is wide on purpose: what the roles' own policies say is tested. */
const BOUNDARY = [
  'iam',
  'secretsmanager',
  'dynamodb',
  'kms',
  'logs',
  'lambda',
  'sqs',
  'cloudtrail',
  'events',
  'sns',
];

/** `deployer` with an overlap of a day, and `mailer`, who was there already, without any. */
export const configurationOf = (functions: FunctionLayout): StackConfiguration =>
  aStack(
    [
      aUser('deployer', { path: '/service/', readers: [`arn:aws:iam::${ACCOUNT_ID}:role/ci`] }),
      aUser('mailer', {
        userName: 'legacy.mailer@example',
        existing: true,
        overlapSeconds: 0,
        whenStillInUse: 'retire',
      }),
    ],
    {
      functions,
      kmsKeyArn: KEY_ARN,
      permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT_ID}:policy/functions`,
      rolePath: ROLE_PATH,
      secretRecoveryDays: 0,
    },
  );

/** A stack on a local AWS in which roles may do what their policies allow, as Terraform put them on, and no more. */
export class GovernedStack {
  readonly account: Account;
  readonly stack: AppliedStack;

  private constructor(
    readonly aws: LocalAws,
    readonly authorizer: Authorizer,
  ) {
    this.account = new Account(aws);
    this.stack = new AppliedStack(aws.environment);
  }

  static async open(): Promise<GovernedStack> {
    const authorizer = createAuthorizer(() => aws);
    const aws: LocalAws = await startLocalAws({
      authorize: authorizer.authorize,
      // New keys that come and go are others' tests; here they would only cost time.
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { retryDelayMs: 200 },
    });
    const governed = new GovernedStack(aws, authorizer);
    await governed.account.createUser('legacy.mailer@example', '/');
    const statement = { Effect: 'Allow', Action: BOUNDARY.map((service) => `${service}:*`), Resource: '*' };
    await governed.account.iam.send(
      new CreatePolicyCommand({
        PolicyName: 'functions',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
    return governed;
  }

  async close(): Promise<void> {
    await this.aws.stop();
    this.stack.remove();
  }

  /** Puts the clock forward, for functions too. */
  letPass(hours: number): void {
    this.aws.clockShiftMs += hours * 3_600_000;
  }

  async secretArn(name: string): Promise<string> {
    return (await this.account.secrets.send(new DescribeSecretCommand({ SecretId: name }))).ARN!;
  }

  rotate(stableKey: string): Promise<readonly string[]> {
    return this.account.rotate(`${PREFIX}/${stableKey}`);
  }

  /** What a function answers, or the error that it ends with, as text. */
  async invoke(functionName: string, event: unknown): Promise<string> {
    const { Payload } = await this.account.lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    return Buffer.from(Payload!).toString();
  }

  /** One run of the retirement function, with all the rotations that it requests. */
  async sweep(): Promise<string> {
    const result = await this.invoke(`${PREFIX}-retire`, {});
    await this.aws.rotationsSettled();
    return result;
  }

  /** The same, while a rotation meets a mishap. */
  async sweepThrough(mishap: Mishap): Promise<string> {
    const injected = new InjectedMishap(this.aws, mishap);
    let result = '';
    await withTimePassing(this.aws, [injected], {
      run: async () => {
        result = await this.sweep();
      },
      whenStruck: () => undefined,
      whenFailed: () => undefined,
    });
    injected.remove();
    return `${result}, and it struck ${String(injected.hits)} times`;
  }

  /** What a person does who wants the previous key back. */
  async moveLabelBack(stableKey: string): Promise<void> {
    const SecretId = `${PREFIX}/${stableKey}`;
    const { VersionIdsToStages = {} } = await this.account.secrets.send(
      new DescribeSecretCommand({ SecretId }),
    );
    const versionWith = (label: string): string =>
      Object.keys(VersionIdsToStages).find((version) => VersionIdsToStages[version]!.includes(label))!;
    await this.account.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: versionWith('AWSCURRENT'),
        MoveToVersionId: versionWith('AWSPREVIOUS'),
      }),
    );
  }

  /** Undefined: the function has no policy, so nobody may invoke it by that. */
  async policyOfFunction(functionName: string): Promise<unknown> {
    try {
      const { Policy } = await this.account.lambda.send(new GetPolicyCommand({ FunctionName: functionName }));
      return JSON.parse(Policy!) as unknown;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  async trustOfRole(roleName: string): Promise<unknown> {
    const { Role } = await this.account.iam.send(new GetRoleCommand({ RoleName: roleName }));
    return JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)) as unknown;
  }
}
