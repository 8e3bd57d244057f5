import { SECOND, type Milliseconds } from '../../../contract/instant';
import { ROTATION_STEPS, type RotationStep } from '../../../contract/function-events';
import { SECRET_MARKER } from '../../support/in-memory-aws/iam';
import type { Actor, Stage } from '../engine/running';
import { STABLE_KEY } from '../engine/world';
import type { Subject } from '../subject';

export interface RotationOptions {
  /** How often Secrets Manager begins again with the same token; the number is not documented (F 1.11). */
  readonly retries: number;
  readonly pause: Milliseconds;
  /** Whether it takes AWSPENDING off a version that has become current; both are seen (F 1.10). */
  readonly tidies: boolean;
  /**
   * The schedule: nothing happens while the served key is younger.
   * @default it begins whatever the age
   */
  readonly onceOlderThan?: Milliseconds;
}

/** The token is redacted by AWS's own logs and must not show in ours (F 1.1). */
const ROTATION_TOKEN = `${SECRET_MARKER}-rotation-token-000000000000000000`;

async function callStep(stage: Stage, subject: Subject, step: RotationStep, token: string): Promise<void> {
  await stage.invoke(step, (ports) =>
    subject.handle(ports, STABLE_KEY, {
      Step: step,
      SecretId: stage.world.secretArn,
      ClientRequestToken: token,
      RotationToken: ROTATION_TOKEN,
    }),
  );
}

/** RotateSecret: an empty version labelled AWSPENDING, then the four steps, all of them again if one fails. */
export function rotation(
  subject: Subject,
  { retries, pause, tidies, onceOlderThan = 0 }: RotationOptions,
): Actor {
  return {
    name: 'rotation',
    async play(stage) {
      const { secretsManager } = stage.world.aws;
      const { secretArn } = stage.world;
      if (secretsManager.describe(secretArn, stage.world.now).deletedDate !== undefined) return;
      const servedKey = stage.world.aws.iam.key(stage.world.checker.servedKey ?? '');
      if (stage.world.now - (servedKey?.bornAt ?? -Infinity) < onceOlderThan) return;
      const token = secretsManager.startRotation(secretArn, stage.world.newToken(), stage.world.now);
      for (let attempt = 0; attempt <= retries; attempt += 1) {
        if (attempt > 0) await stage.sleep(pause);
        try {
          for (const step of ROTATION_STEPS) await callStep(stage, subject, step, token);
          secretsManager.endRotation(secretArn, token, tidies, stage.world.now);
          return;
        } catch {
          // Whatever went wrong, Secrets Manager begins again from createSecret (F 1.11).
        }
      }
    },
  };
}

/** A step that is called once more, beside the rotation: a duplicate, or a late call of a process that was taken for dead. */
export function duplicateStep(
  subject: Subject,
  step: RotationStep,
  of: 'AWSPENDING' | 'AWSCURRENT' | 'AWSPREVIOUS',
): Actor {
  return {
    name: `duplicate ${step}`,
    async play(stage) {
      const token = stage.world.aws.secretsManager.labels(stage.world.secretArn)[of];
      if (token === undefined || token.length < 32) return;
      await callStep(stage, subject, step, token).catch(() => undefined);
    },
  };
}

/** RotateImmediately=false: only testSecret, with AWSPENDING on a copy of the current value, or on none (F 1.6). */
export function testOnly(subject: Subject): Actor {
  return {
    name: 'test of the configuration',
    async play(stage) {
      const { secretsManager } = stage.world.aws;
      const token = stage.world.newToken();
      if (!secretsManager.stageTest(stage.world.secretArn, token, stage.world.now)) return;
      await callStep(stage, subject, 'testSecret', token).catch(() => undefined);
      await stage.sleep(SECOND);
      secretsManager.unstageTest(stage.world.secretArn, token, stage.world.now);
    },
  };
}
