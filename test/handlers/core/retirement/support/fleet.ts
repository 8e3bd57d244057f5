import * as z from 'zod';

import { DAY, HOUR, type Instant, type Milliseconds } from '../../../../../contract/instant';
import {
  journalSchema,
  type Journal,
  type PreviousKey,
  type StoredJournal,
} from '../../../../../handlers/core/model/journal';
import type { Settings } from '../../../../../contract/settings';
import {
  sweep,
  type SweepOptions,
  type SweepSummary,
  type UserResult,
} from '../../../../../handlers/core/retirement/sweep';
import { OpenGate } from '../../../../support/in-memory-aws/gate';
import type { Witness } from '../../../../support/in-memory-aws/events';
import { InMemoryAws } from '../../../../support/in-memory-aws/in-memory-aws';
import {
  processIn,
  type MortalWorld,
  type ProcessOptions,
  type SweepProcess,
} from '../../../../support/retirement-world';
import { RecordingListener } from '../../../../support/recording-listener';
import { NOON, settingsOf } from '../../../support/fixtures';
import { PERSON, type LogLine } from '../../../support/user-world';

/** What the sweep finds of a user. */
export type Situation =
  /** One key, which is current. */
  | 'quiet'
  | 'inOverlap'
  /** Due: deactivate. */
  | 'overlapOver'
  /** Due: hold. */
  | 'stillInUse'
  | 'inGracePeriod'
  /** Due: delete. */
  | 'gracePeriodOver'
  /** Due: report. */
  | 'unmanagedKey';

export interface FleetUser {
  readonly settings: Settings;
  readonly currentKeyId: string;
  /** The previous or the unmanaged key. */
  readonly otherKeyId: string | undefined;
}

/** Puts a user into an AWS as a life up to `now` would have left it. */
export function addUser(aws: InMemoryAws, stableKey: string, situation: Situation, now: Instant): FleetUser {
  const settings = settingsOf({
    stableKey,
    userName: `${stableKey}-user`,
    userId: `AIDA${stableKey.toUpperCase().replaceAll(/\W/g, '')}EXAMPLE`,
    secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/${stableKey}-AbCdEf`,
  });
  const { secretArn, userName } = settings;
  aws.iam.addUser(settings);
  aws.secretsManager.create(secretArn, now - 60 * DAY);
  aws.secretsManager.enableRotation(secretArn);
  const other = situation === 'quiet' ? undefined : aws.iam.create(userName, now - 40 * DAY, PERSON).id;
  const current = aws.iam.create(userName, now - 10 * DAY, PERSON).id;
  for (const [versionId, keyId] of [
    ['previous', other],
    ['current', current],
  ] as const) {
    if (keyId === undefined) continue;
    const text = JSON.stringify({ AccessKeyId: keyId });
    const version = { versionId: `version-${versionId}-${stableKey}`, text, label: 'AWSCURRENT' as const };
    aws.secretsManager.put(secretArn, version, now - 10 * DAY, PERSON);
  }
  const entry = (change: Partial<PreviousKey>): readonly PreviousKey[] => [
    {
      keyId: other!,
      versionId: `version-previous-${stableKey}`,
      replacedAt: now - 2 * DAY,
      phase: 'overlap',
      ...change,
    },
  ];
  const retired = (deactivatedAt: Instant): readonly PreviousKey[] => {
    aws.iam.setStatus(userName, other!, 'Inactive', deactivatedAt, PERSON);
    return entry({ phase: 'deactivated', replacedAt: deactivatedAt - DAY, deactivatedAt });
  };
  const previousOf: Readonly<Record<Situation, () => readonly PreviousKey[]>> = {
    quiet: () => [],
    unmanagedKey: () => [],
    inOverlap: () => entry({ replacedAt: now - HOUR }),
    overlapOver: () => entry({}),
    stillInUse: () => {
      aws.iam.use(other!, 's3', now - HOUR);
      return entry({});
    },
    inGracePeriod: () => retired(now - DAY),
    gracePeriodOver: () => retired(now - 8 * DAY),
  };
  const journal: Journal = {
    userId: settings.userId,
    secretArn,
    current: { keyId: current, versionId: `version-current-${stableKey}`, since: now - 10 * DAY },
    previous: [...previousOf[situation]()],
  };
  aws.table.setSettings(stableKey, settings);
  aws.table.setJournalText(stableKey, JSON.stringify(z.encode(journalSchema, journal)));
  return { settings, currentKeyId: current, otherKeyId: other };
}

/** What a run says of itself, and what it told of each visit. */
export type Swept = SweepSummary & { readonly results: readonly UserResult[] };

/** Many rotated users in one AWS, and the runs over them. */
export class Fleet implements MortalWorld {
  readonly gate = new OpenGate(NOON);
  readonly requests: string[] = [];
  readonly log: LogLine[] = [];
  /** Records events and metrics; the next sweep reads the findings that it stores. */
  readonly listener = new RecordingListener();
  readonly users = new Map<string, FleetUser>();
  readonly aws: InMemoryAws;

  constructor(situations: Readonly<Record<string, Situation>>, witness: Witness = () => undefined) {
    this.aws = new InMemoryAws(witness);
    for (const [stableKey, situation] of Object.entries(situations)) {
      this.users.set(stableKey, addUser(this.aws, stableKey, situation, this.now));
    }
  }

  get now(): Instant {
    return this.gate.now();
  }

  pass(duration: Milliseconds): void {
    this.gate.advance(duration);
  }

  process(options: ProcessOptions = {}): SweepProcess {
    const { ports, ...process } = processIn(this, options);
    const { directory } = ports;
    const list = async (): ReturnType<typeof directory.list> =>
      (await directory.list()).map((entry) => ({
        ...entry,
        findings: this.listener.stored.get(entry.stableKey),
      }));
    return { ...process, ports: { ...ports, directory: { list } } };
  }

  async sweep(
    options: Partial<SweepOptions> = {},
    { ports }: Pick<SweepProcess, 'ports'> = this.process(),
  ): Promise<Swept | undefined> {
    const results: UserResult[] = [];
    const summary = await sweep(ports, {
      stack: 'iam-key-rotation',
      mode: 'act',
      maximumDeletions: 100,
      concurrency: 1,
      stopAt: this.now + 10 * HOUR,
      overAt: this.now + 11 * HOUR,
      onVisited: (result) => results.push(result),
      ...options,
    });
    return summary === undefined ? undefined : { ...summary, results };
  }

  journal(stableKey: string): Journal {
    return z.decode(journalSchema, JSON.parse(this.aws.table.journalText(stableKey)!) as StoredJournal);
  }

  /** `Active Inactive`: the status of the current key and of the other one. */
  keys(stableKey: string): string {
    const { currentKeyId, otherKeyId } = this.users.get(stableKey)!;
    return [currentKeyId, otherKeyId]
      .flatMap((id) => (id === undefined ? [] : [this.aws.iam.key(id)!.status.now]))
      .join(' ');
  }

  /** Everything that a run could change, as text. */
  get everything(): string {
    return JSON.stringify(
      [...this.users].map(([stableKey, { settings }]) => [
        stableKey,
        this.keys(stableKey),
        this.aws.secretsManager.labels(settings.secretArn),
        this.aws.table.journalText(stableKey),
        this.aws.table.lease(stableKey),
      ]),
    );
  }
}
