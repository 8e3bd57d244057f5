import type { Secret } from './secret';

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** What a rotation needs from Lambda. */
export interface RotationSteps {
  /** Why Secrets Manager cannot invoke the function for this secret; undefined: it can. */
  obstacle(secret: Secret, lambdaArn: string): Promise<'missing' | 'forbidden' | undefined>;
  /** Invokes the function for one step. Undefined: it went well. Else the message of the service's event. */
  run(secret: Secret, lambdaArn: string, step: RotationStep, token: string): Promise<string | undefined>;
}
