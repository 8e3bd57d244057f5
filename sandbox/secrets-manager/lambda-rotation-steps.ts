import { randomUUID } from 'node:crypto';

import type { SandboxClock } from '../clock';
import type { CallRecorder } from '../front/recorder';
import type { Functions, LambdaFunction } from '../lambda/functions';
import type { Invoker } from '../lambda/invoker';
import { resourcePolicyAllows } from '../lambda/resource-policy';
import type { Moto } from '../moto/moto';
import type { RotationStep, RotationSteps } from './rotation-steps';
import type { Secret } from './secret';

const SECRETS_MANAGER = 'secretsmanager.amazonaws.com';

export interface LambdaRotationStepsParts {
  readonly accountId: string;
  readonly clock: SandboxClock;
  readonly moto: Moto;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly recorder: CallRecorder;
}

/** Invokes the rotation function for one step, as the service itself. */
export class LambdaRotationSteps implements RotationSteps {
  constructor(private readonly parts: LambdaRotationStepsParts) {}

  async obstacle(secret: Secret, lambdaArn: string): Promise<'missing' | 'forbidden' | undefined> {
    const fn = this.parts.functions.find(lambdaArn);
    if (!fn) return 'missing';
    return (await this.mayInvoke(secret, fn)) ? undefined : 'forbidden';
  }

  async run(
    secret: Secret,
    lambdaArn: string,
    step: RotationStep,
    token: string,
  ): Promise<string | undefined> {
    const { functions, invoker, recorder, clock } = this.parts;
    const failure = `Error when executing lambda ${lambdaArn} during ${step} step`;
    const fn = functions.find(lambdaArn);
    if (!fn || !(await this.mayInvoke(secret, fn))) return failure;
    if (invoker.throttles(fn.name) !== undefined) return failure;
    const id = randomUUID();
    const event = {
      Step: step,
      SecretId: secret.arn,
      ClientRequestToken: token,
      RotationToken: randomUUID(),
    };
    recorder.add({
      ...{ id, time: clock.now(), service: 'lambda', action: 'Invoke', region: secret.region, status: 200 },
      principal: {
        type: 'service',
        arn: SECRETS_MANAGER,
        callerArn: SECRETS_MANAGER,
        userId: SECRETS_MANAGER,
      },
      ...{ accessKeyId: undefined, errorCode: undefined, userAgent: SECRETS_MANAGER },
      parameters: { FunctionName: fn.arn, Step: step, SecretId: secret.arn, ClientRequestToken: token },
    });
    return (await invoker.fails(fn, JSON.stringify(event), id)) ? failure : undefined;
  }

  private async mayInvoke(secret: Secret, fn: LambdaFunction): Promise<boolean> {
    const { moto, accountId } = this.parts;
    const path = `/2015-03-31/functions/${encodeURIComponent(fn.name)}/policy`;
    const answer = await moto.rest('lambda', 'GET', path, fn.region);
    if (answer.status !== 200) return false;
    const { Policy } = JSON.parse(answer.body.toString('utf8')) as { Policy: string };
    return resourcePolicyAllows(Policy, {
      service: SECRETS_MANAGER,
      sourceArn: secret.arn,
      sourceAccount: accountId,
    });
  }
}
