import { setTimeout as sleep } from 'node:timers/promises';

import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import { HOUR, SECOND } from '../../../contract/instant';
import { deliveryFunctionName } from '../../../contract/names';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Inbox } from '../notifications/support/inbox';
import { about } from '../notifications/support/watched-stage';
import { EcsService } from './support/ecs-service';
import { SigningApplication } from './support/signing-application';
import { whileTimePasses } from './support/time-passes';

const PREFIX = 'iam-key-rotation';
const FUNCTION = deliveryFunctionName(PREFIX);
const ROTATIONS = 20;
const SECRET = 'payments/env';
const PARAMETER = '/payments/aws-key';
const FIELDS = { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' } as const;

/**
 * Three applications of one user, none of which reads a key by itself when AWS refuses the one that it has. `reports` has a target
 * that refuses for ever. A key is retired when its overlap is over, also where it is in use: only R12 holds it then.
 */
describeWithTools(`${ROTATIONS} rotations with targets`, () => {
  let stage: Stage;
  let service: EcsService;
  let inbox: Inbox;
  let applications: readonly SigningApplication[] = [];
  let rotations = 0;
  let failedInEmergency = 0;

  beforeAll(async () => {
    stage = await Stage.open();
    const { account, aws } = stage;
    service = await EcsService.create(aws, 'payments', 'api');
    await account.secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: '{}' }));
    await account.secrets.send(new CreateSecretCommand({ Name: 'reports/env', SecretString: 'no JSON' }));
    const times = { whenStillInUse: 'retire', gracePeriodSeconds: 3_600 } as const;
    await stage.stack.apply(
      aStack(
        [
          aUser('payments', {
            ...times,
            deliver: [
              { kind: 'restart', ecsService: service.arn },
              { kind: 'secret', id: SECRET, fields: FIELDS },
              { kind: 'parameter', name: PARAMETER },
            ],
          }),
          aUser('reports', { ...times, deliver: [{ kind: 'secret', id: 'reports/env', fields: FIELDS }] }),
        ],
        {
          ...{ functions: 'shared', secretRecoveryDays: 0 },
          alerts: {
            emails: ['oncall@example.com'],
            topicArns: [],
            runbookUrl: 'https://wiki.example.com/runbook',
            perFunctionAlarms: true,
          },
        },
      ),
    );
    inbox = await Inbox.subscribe(
      aws,
      `arn:aws:sns:${aws.region}:${aws.accountId}:${PREFIX}-alerts`,
      'everything',
    );
    const ssm = new SSMClient(aws.clientConfig());
    const inSecret = async (): Promise<StoredKey> => {
      const { SecretString } = await account.secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
      const fields = JSON.parse(SecretString!) as Record<string, string>;
      return {
        AccessKeyId: fields['AWS_ACCESS_KEY_ID']!,
        SecretAccessKey: fields['AWS_SECRET_ACCESS_KEY']!,
      };
    };
    const inParameter = async (): Promise<StoredKey> => {
      const { Parameter } = await ssm.send(
        new GetParameterCommand({ Name: PARAMETER, WithDecryption: true }),
      );
      return JSON.parse(Parameter!.Value!) as StoredKey;
    };
    /** Tasks of a deployment read the user's own secret when they start, and never again. */
    const inTasks = async (held: ReadonlySet<string>) => {
      const running = (await service.deployments()).filter(({ runningCount }) => runningCount! > 0);
      const keys = running.map(async ({ id }): Promise<[string, StoredKey | undefined]> => {
        return [id!, held.has(id!) ? undefined : await stage.currentKey('payments')];
      });
      return new Map(await Promise.all(keys));
    };
    await hourlyRun();
    applications = [
      new SigningApplication('reads the secret', aws, async () => new Map([['it', await inSecret()]])),
      new SigningApplication('reads the parameter', aws, async () => new Map([['it', await inParameter()]])),
      new SigningApplication('is restarted', aws, inTasks),
    ];
    await anHourPasses();
  });
  afterAll(async () => {
    await Promise.all(applications.map((application) => application.stop()));
    await stage.close();
  });

  const anHourPasses = async (): Promise<void> => {
    await Promise.all(applications.map((application) => application.look()));
    stage.goTo(stage.now() + HOUR);
  };
  /** Until the functions have done what they were invoked for; the service starts and stops tasks meanwhile. */
  const meanwhile = async <Result>(work: Promise<Result>): Promise<Result> => {
    const passes = whileTimePasses(stage.aws, work, { step: 4 * SECOND, everyMs: 200 });
    const over = passes.then(() => true);
    do await applications[2]?.look();
    while (!(await Promise.race([over, sleep(100, false)])));
    return passes;
  };
  const hourlyRun = async (): Promise<unknown> => {
    const { FunctionError, Payload } = await meanwhile(
      stage.account.lambda.send(new InvokeCommand({ FunctionName: FUNCTION, Payload: '{"deliver":"all"}' })),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload!).toString());
  };
  const rotateAndDeliver = async (): Promise<StoredKey> => {
    const replaced = await stage.rotateAway('payments');
    rotations += 1;
    await meanwhile(stage.aws.eventsDelivered());
    return replaced;
  };
  const everyApplicationHas = async (keyId: string): Promise<void> => {
    await anHourPasses();
    expect(applications.map(({ name, keyIds }) => [name, ...keyIds])).toEqual(
      applications.map(({ name }) => [name, keyId]),
    );
  };
  /** The key of before is deactivated an overlap after its last use was possible; and deleted. */
  const retirePrevious = async (): Promise<void> => {
    await anHourPasses();
    stage.goTo(stage.now() + 24 * HOUR);
    await stage.sweep();
    stage.goTo(stage.now() + 2 * HOUR);
    await stage.sweep();
    await stage.aws.eventsDelivered();
    expect(await stage.account.keysOf('payments')).toHaveLength(1);
  };
  const failures = (): readonly string[] =>
    applications.flatMap((application) =>
      application.takeFailures().map((what) => `${application.name}: ${what}`),
    );

  it('a target that refuses for ever holds the old key of its own user', async () => {
    const first = await stage.currentKey('reports');
    await stage.rotateAway('reports');
    await meanwhile(stage.aws.eventsDelivered());
    for (let run = 0; run < 3; run += 1) {
      await anHourPasses();
      await stage.sweep();
    }
    stage.goTo(stage.now() + 48 * HOUR);
    await stage.sweep();
    await stage.aws.eventsDelivered();
    expect(await stage.account.statusOf('reports', first)).toBe('Active');
    expect((await stage.journal('reports')).previous[0]).toMatchObject({ hold: { cause: 'notDelivered' } });
    expect(failures()).toEqual([]);
  });

  it('rotations, one after the other: no call fails', async () => {
    while (rotations < ROTATIONS - 4) {
      await rotateAndDeliver();
      await everyApplicationHas((await stage.currentKey('payments')).AccessKeyId);
      await retirePrevious();
      expect(failures()).toEqual([]);
    }
  });

  it('a target is away for longer than the overlap: its application goes on with the key that it has', async () => {
    const back = await stage.account.deny(FUNCTION, 'ssm:PutParameter');
    const replaced = await rotateAndDeliver();
    await anHourPasses();
    stage.goTo(stage.now() + 48 * HOUR);
    expect(await hourlyRun()).toMatchObject({ delivered: 0, pending: 1, usersFailed: 0 });
    for (let run = 0; run < 2; run += 1) {
      await stage.sweep();
      await anHourPasses();
      await anHourPasses();
    }
    expect(await stage.account.statusOf('payments', replaced)).toBe('Active');
    expect(applications[1]!.keyIds).toEqual([replaced.AccessKeyId]);
    // A task may read any target when it starts, so the service waits for all of them.
    expect(applications[2]!.keyIds).toEqual([replaced.AccessKeyId]);

    await back();
    expect(await hourlyRun()).toMatchObject({ delivered: 2, pending: 0 });
    await everyApplicationHas((await stage.currentKey('payments')).AccessKeyId);
    await retirePrevious();
    expect(failures()).toEqual([]);
  });

  it('a rollback: the key of before comes back to everybody (R13)', async () => {
    const before = await rotateAndDeliver();
    const left = (await stage.currentKey('payments')).AccessKeyId;
    await everyApplicationHas(left);
    const rollback = await stage.command(
      ...['rollback', '--prefix', PREFIX, '--user', 'payments', '--leave', left],
    );
    expect(rollback.exitCode).toBe(0);
    await meanwhile(stage.aws.eventsDelivered());
    await everyApplicationHas(before.AccessKeyId);
    await retirePrevious();
    expect(failures()).toEqual([]);
  });

  it('an emergency: calls fail from the deactivation of the leaked key until the new one is read, as it says', async () => {
    await rotateAndDeliver();
    const leaked = (await stage.currentKey('payments')).AccessKeyId;
    await everyApplicationHas(leaked);
    await retirePrevious();
    expect(failures()).toEqual([]);

    const emergency = await stage.command(
      ...['emergency', '--prefix', PREFIX, '--user', 'payments', '--leaked', leaked],
    );
    expect(emergency.exitCode).toBe(0);
    await meanwhile(stage.aws.eventsDelivered());
    await everyApplicationHas((await stage.currentKey('payments')).AccessKeyId);
    const failed = failures();
    failedInEmergency = failed.length;
    expect(failed.filter((what) => !what.includes(`…${leaked.slice(-4)} `))).toEqual([]);
  });

  it('rotations go on after it: no call fails', async () => {
    while (rotations < ROTATIONS) {
      await rotateAndDeliver();
      await everyApplicationHas((await stage.currentKey('payments')).AccessKeyId);
      await retirePrevious();
    }
    expect(failures()).toEqual([]);
    expect(stage.aws.functionErrors(FUNCTION)).toBe(0);
  });

  it('people were told of each target that refused once', async () => {
    const subjects = (await inbox.take()).map(({ subject }) => subject);
    const told = (user: string): number =>
      subjects.filter((subject) => subject === about('notDelivered', user)).length;
    expect([told('reports'), told('payments')]).toEqual([1, 1]);
    expect(subjects).toContain(`Over: ${about('notDelivered', 'payments')}`);
    expect(subjects).not.toContain(`Over: ${about('notDelivered', 'reports')}`);

    const calls = applications.reduce((sum, application) => sum + application.calls, 0);
    const failed = applications.reduce((sum, application) => sum + application.failed, 0);
    console.log(
      `${rotations} rotations, ${calls} calls of ${applications.length} applications; failed: ${failedInEmergency} in the emergency, ${failed - failedInEmergency} else`,
    );
    expect(failed).toBe(failedInEmergency);
    expect(calls).toBeGreaterThan(500);
  });
});
