import { setTimeout as sleep } from 'node:timers/promises';

import { STSClient } from '@aws-sdk/client-sts';

import { fromRotatedSecret, refreshOnRejectedKey, type RotatedCredentialsProvider } from '../../../../client';
import type { RotatedTestUser } from '../../support/deployed-function';
import { Application, type Load } from './application';
import { DAY_SECONDS, FAR_REGION, Stage } from './stage';

/** How large a run is; what happens in it is always the same. */
export interface RunSize {
  readonly rotations: number;
  readonly rotationsWithoutOverlap: number;
  readonly outageSeconds: number;
  /** Of the provider under test. */
  readonly refreshSeconds: number;
  readonly propagationSeconds: number;
  readonly farPropagationSeconds: number;
}

export interface ChapterOfOne {
  readonly application: string;
  readonly chapter: string;
  readonly calls: number;
  readonly failed: number;
  /** Refused with the key that was current before; then made once more, or failed. */
  readonly refused: number;
}

export interface RunReport {
  readonly chapters: readonly ChapterOfOne[];
  readonly seconds: number;
  /** Of the application with the provider and the retry: calls a second, and reads of the secret a minute. */
  readonly callsPerSecond: number;
  readonly readsPerMinute: number;
  readonly keysUsed: number;
}

export const CHAPTERS = ['rotations', 'outage', 'emergency', 'rollback', 'no overlap'] as const;
export const [RETRYING, WITHOUT_RETRY, STATIC] = ['retrying', 'without retry', 'static'] as const;

const FULL_LOAD: Load = { parallel: 10, everyMs: 200 };
const SIDE_LOAD: Load = { parallel: 2, everyMs: 200 };

interface Cast {
  readonly user: RotatedTestUser;
  readonly providers: readonly RotatedCredentialsProvider[];
  readonly applications: readonly Application[];
}

/**
 * Applications at work while their keys are rotated, replaced and rolled back: one with the provider and the retry, one
 * with the provider alone, and one that keeps what `credential_process` gave it, as the SDK does.
 */
export async function runApplications(
  size: RunSize,
  tell: (line: string) => void = () => undefined,
): Promise<RunReport> {
  const stage = await Stage.open(size);
  const casts: Cast[] = [];
  try {
    const begin = Date.now();
    const first = await castOf(stage, DAY_SECONDS, size);
    casts.push(first);
    const beginnings = new Map<string, number>();
    const enter = (chapter: (typeof CHAPTERS)[number], cast: Cast): void => {
      tell(chapter);
      beginnings.set(chapter, stage.aws.calls().length);
      for (const application of cast.applications) application.enter(chapter);
    };

    enter('rotations', first);
    for (let rotation = 1; rotation <= size.rotations; rotation += 1) {
      await stage.rotate(first.user);
      await untilPickedUp(stage, first);
      await stage.retirePreviousKeys();
      const failed = first.applications.map(({ name, failures }) => `${name} ${failures.length}`);
      tell(`  ${rotation} of ${size.rotations}; calls failed so far: ${failed.join(', ')}`);
    }

    enter('outage', first);
    const outage = stage.beginOutage();
    await sleep(size.outageSeconds * 1000);
    outage.end();
    await stage.rotate(first.user);
    await untilPickedUp(stage, first);
    await stage.retirePreviousKeys();

    stage.haveAllRegionsLearnAtOnce();
    enter('emergency', first);
    const leaked = await stage.currentKeyId(first.user);
    await stage.command('emergency', '--user', first.user.stableKey, '--leaked', leaked);
    await untilPickedUp(stage, first);

    enter('rollback', first);
    await stage.rotate(first.user);
    await untilPickedUp(stage, first);
    const rejected = await stage.currentKeyId(first.user);
    await stage.command('rollback', '--user', first.user.stableKey, '--leave', rejected);
    await untilPickedUp(stage, first);
    await stage.retirePreviousKeys();
    await sleep(1_000);
    await stopAll(first);

    const second = await castOf(stage, 0, size);
    casts.push(second);
    enter('no overlap', second);
    for (let rotation = 1; rotation <= size.rotationsWithoutOverlap; rotation += 1) {
      await stage.rotate(second.user);
      await untilPickedUp(stage, second);
      stage.aws.clockShiftMs += (7 * DAY_SECONDS + 60) * 1000;
    }
    await sleep(1_000);
    await stopAll(second);
    return reportOf(stage, [...first.applications, ...second.applications], {
      beginnings,
      seconds: (Date.now() - begin) / 1000,
    });
  } finally {
    await Promise.all(casts.map(stopAll));
    await stage.close();
  }
}

async function castOf(stage: Stage, overlapSeconds: number, { refreshSeconds }: RunSize): Promise<Cast> {
  const user = await stage.addUser(overlapSeconds);
  const provider = (name: string): RotatedCredentialsProvider =>
    fromRotatedSecret({
      secretId: user.secretArn,
      refreshSeconds,
      clientConfig: { ...stage.aws.clientConfig(), customUserAgent: agent(name) },
      logger: { info: () => undefined, warn: () => undefined },
    });
  const clients = (name: string, credentials?: RotatedCredentialsProvider): STSClient[] =>
    [stage.aws.region, FAR_REGION].map((region) => {
      const config = { endpoint: stage.aws.endpoint, region, customUserAgent: agent(name) };
      return new STSClient(
        credentials === undefined ? { ...config, profile: profileOf(user) } : { ...config, credentials },
      );
    });
  process.env['AWS_CONFIG_FILE'] = stage.writeFile(
    `config-${user.stableKey}`,
    `[profile ${profileOf(user)}]\ncredential_process = ${stage.inEnvironment()} aws secretsmanager get-secret-value --secret-id ${user.secretArn} --query SecretString --output text\n`,
  );
  const [retrying, withoutRetry] = [provider(RETRYING), provider(WITHOUT_RETRY)];
  const applications = [
    new Application(
      RETRYING,
      clients(RETRYING, retrying).map((client) => refreshOnRejectedKey(client, retrying)),
      FULL_LOAD,
    ),
    new Application(WITHOUT_RETRY, clients(WITHOUT_RETRY, withoutRetry), SIDE_LOAD),
    new Application(STATIC, clients(STATIC), SIDE_LOAD),
  ];
  return { user, providers: [retrying, withoutRetry], applications };
}

const profileOf = ({ stableKey }: RotatedTestUser): string => `static-${stableKey}`;
const agent = (name: string): string => `run-${name.replaceAll(' ', '-')}`;

/** Until both providers serve the secret's current key, as its applications' calls have them do. */
async function untilPickedUp(stage: Stage, { user, providers }: Cast): Promise<void> {
  const current = await stage.currentKeyId(user);
  for (const provider of providers) {
    while ((await provider()).accessKeyId !== current) await sleep(50);
  }
  await sleep(500);
}

const stopAll = ({ applications }: Cast): Promise<unknown> =>
  Promise.all(applications.map((application) => application.stop()));

interface Course {
  /** How many calls AWS had had when a chapter began. */
  readonly beginnings: ReadonlyMap<string, number>;
  readonly seconds: number;
}

function reportOf(stage: Stage, applications: readonly Application[], course: Course): RunReport {
  const { beginnings, seconds } = course;
  const recorded = stage.aws.calls();
  const refusedIn = (chapter: string, name: string): number => {
    const starts = [...beginnings.values(), recorded.length];
    const start = beginnings.get(chapter) ?? 0;
    return recorded
      .slice(start, Math.min(...starts.filter((other) => other > start)))
      .filter(({ service, userAgent }) => service === 'sts' && userAgent?.includes(agent(name)))
      .filter(({ status }) => status === 403).length;
  };
  const mine = recorded.filter(({ userAgent }) => userAgent?.includes(agent(RETRYING)));
  const calls = mine.filter(({ service }) => service === 'sts');
  return {
    chapters: applications.flatMap((application) =>
      CHAPTERS.filter((chapter) => application.calls.has(chapter)).map((chapter) => ({
        ...{ application: application.name, chapter, calls: application.calls.get(chapter) ?? 0 },
        failed: application.failuresIn(chapter),
        refused: refusedIn(chapter, application.name),
      })),
    ),
    seconds,
    callsPerSecond: calls.length / seconds,
    readsPerMinute: mine.filter(({ service }) => service === 'secretsmanager').length / (seconds / 60),
    keysUsed: new Set(calls.map(({ accessKeyId }) => accessKeyId)).size,
  };
}

/** The report as a table, for people. */
export function tableOf({ chapters, ...totals }: RunReport): string {
  const cell = ({ calls, refused, failed }: ChapterOfOne): string => `${calls}/${refused}/${failed}`;
  const lines = [RETRYING, WITHOUT_RETRY, STATIC].map((name) => [
    name,
    ...CHAPTERS.map((chapter) => {
      const found = chapters.find((one) => one.application === name && one.chapter === chapter);
      return found === undefined ? '-' : cell(found);
    }),
  ]);
  const table = [['calls/refused/failed', ...CHAPTERS], ...lines]
    .map((columns) => columns.map((text) => text.padEnd(20)).join(''))
    .join('\n');
  const { seconds, callsPerSecond, readsPerMinute, keysUsed } = totals;
  return (
    `${table}\n${RETRYING}: ${callsPerSecond.toFixed(1)} calls a second with ${keysUsed} keys in ${seconds.toFixed(0)} s, ` +
    `${readsPerMinute.toFixed(1)} reads of the secret a minute`
  );
}
