import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { name as productName, version } from '../../package.json';
import { DAY, HOUR, type Instant } from '../../contract/instant';
import { iamEventsRegion } from '../../contract/iam-events-region';
import { callAws } from '../../handlers/aws/call-aws';
import { isOpen } from '../../handlers/core/model/open-finding';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { clientConfig } from '../aws-options';
import { EVENT_HISTORY_DAYS } from '../event-history';
import { explainError } from '../explain-error';
import { withProgress } from '../progress';
import { usersOf, type Stack } from '../stack';
import { readStatus } from '../status/read-status';
import type { StatusDocument } from '../status/status-document';
import { ReadCounter } from './count-reads';
import { knownUsers, type KnownUsers } from './known-users';
import { pairRotations, ROTATION_EVENTS, type RotationEvent } from './pair-rotations';
import { eachEvent, type Period } from './read-history';
import type { EndedFault, KeyAct, ReportFacts } from './report';
import type { Unseen } from './report-document';
import { principalOf, type TrailRecord } from './trail-record';
import { ALWAYS_UNSEEN } from './unseen';

export interface ReportQuestion {
  readonly period: Period;
  /** Of each kind of event: of more, only the newest are read. */
  readonly mostEvents: number;
}

/** Reads everything that the report is made of. Nothing is changed. */
export async function readReport(stack: Stack, { period, mostEvents }: ReportQuestion): Promise<ReportFacts> {
  const entries = await usersOf(stack);
  const { Account = '', Arn = '' } = await whoAsks(stack);
  const endedFaults = endedFaultsOf(entries);
  const status = await readStatus(stack, entries, { askAws: true });
  const known = knownUsers(status);
  const unseen = [...usersUnseen(status), ...periodUnseen(period, stack.clock.now())];
  const [own, ofIam] = await withProgress('Events read', async (progress) => {
    let before = 0;
    const ask = {
      stack,
      period,
      mostEvents,
      known,
      progress: (events: number) => progress.at(before + events),
    };
    const ofSecrets = await readSecretEvents(ask);
    before = ofSecrets.events;
    return [ofSecrets, await readKeyActs({ ...ask, partition: Arn.split(':')[1] ?? 'aws' })] as const;
  });
  return {
    ...{ status, period, endedFaults },
    accountId: Account,
    madeBy: Arn,
    product: `${productName} ${version}`,
    rotations: pairRotations(own.rotationEvents),
    keyActs: ofIam.keyActs,
    reads: own.reads.counts(),
    unseen: [...unseen, ...own.unseen, ...ofIam.unseen, ...ALWAYS_UNSEEN],
  };
}

const whoAsks = ({ connection, clock }: Stack) => {
  const client = new STSClient({ ...clientConfig(connection), systemClockOffset: clock.offset });
  return callAws({ service: 'STS', action: 'GetCallerIdentity' }, 'reads', (options) =>
    client.send(new GetCallerIdentityCommand({}), options),
  );
};

const endedFaultsOf = (entries: readonly TableEntry[]): readonly EndedFault[] =>
  entries.flatMap(({ stableKey, findings = [] }) =>
    findings instanceof Error
      ? []
      : findings.flatMap((finding) =>
          isOpen(finding) || finding.over === undefined
            ? []
            : [
                {
                  ...{ user: stableKey, kind: finding.kind, what: finding.what, keyId: finding.keyId },
                  ...{ since: finding.since, endedAt: finding.over },
                },
              ],
        ),
  );

interface Asking {
  readonly stack: Stack;
  readonly period: Period;
  readonly mostEvents: number;
  readonly known: KnownUsers;
  readonly progress: (events: number) => void;
}

/** What Secrets Manager reported (F 7.6), and who read. */
async function readSecretEvents(asking: Asking) {
  const { stack, known } = asking;
  const rotationEvents: RotationEvent[] = [];
  const reads = new ReadCounter();
  const questions = [
    ...ROTATION_EVENTS.map((name) => ({
      name,
      take: (record: TrailRecord): void => {
        const user = known.ofSecret(record.additionalEventData?.SecretId);
        if (user !== undefined) rotationEvents.push({ at: record.at, name, user, why: record.errorMessage });
      },
    })),
    {
      name: 'GetSecretValue',
      take: (record: TrailRecord): void => {
        const user = known.ofSecret(record.requestParameters?.secretId);
        if (user === undefined) return;
        reads.add({
          ...{ at: record.at, user, principal: principalOf(record) },
          isRefused: record.errorCode !== undefined,
          address: record.sourceIPAddress,
          userAgent: record.userAgent,
        });
      },
    },
  ];
  const answer = await askAll(asking, stack.region, questions);
  return { rotationEvents, reads, ...answer };
}

/** What was done to keys. IAM reports in one region of the partition. */
async function readKeyActs(asking: Asking & { readonly partition: string }) {
  const keyActs: KeyAct[] = [];
  const region = iamEventsRegion(asking.partition);
  if (region === undefined) {
    const why = `It is not documented in which region IAM reports in the partition ${asking.partition}.`;
    return { keyActs, unseen: [{ what: 'What was done to access keys.', why, when: 'thisTime' } as const] };
  }
  const questions = (['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'] as const).map((name) => ({
    name,
    take: (record: TrailRecord): void => {
      const act = keyActOf(name, record, asking.known);
      if (act !== undefined) keyActs.push(act);
    },
  }));
  const { unseen } = await askAll(asking, region, questions);
  return { keyActs, unseen };
}

/** Undefined: the key is nobody's of this stack. */
export function keyActOf(
  name: 'CreateAccessKey' | 'UpdateAccessKey' | 'DeleteAccessKey',
  record: TrailRecord,
  known: KnownUsers,
): KeyAct | undefined {
  const { requestParameters, responseElements, userIdentity } = record;
  const keyId = requestParameters?.accessKeyId ?? responseElements?.accessKey?.accessKeyId;
  const named = requestParameters?.userName ?? responseElements?.accessKey?.userName;
  // A call without a name is about the caller's own key.
  const ownName = userIdentity?.type === 'IAMUser' ? userIdentity.userName : undefined;
  const user = known.ofIamUser(named ?? ownName) ?? known.ofKey(keyId);
  if (user === undefined) return undefined;
  const status = requestParameters?.status;
  const act =
    name === 'CreateAccessKey'
      ? 'created'
      : name === 'DeleteAccessKey'
        ? 'deleted'
        : status === 'Active'
          ? 'activated'
          : 'deactivated';
  return { at: record.at, user, act, keyId, by: principalOf(record), refused: record.errorCode };
}

interface Question {
  readonly name: string;
  readonly take: (record: TrailRecord) => void;
}

/** Asks one after the other, and says of each what was not answered. */
async function askAll(
  { stack, period, mostEvents, progress }: Asking,
  region: string,
  questions: readonly Question[],
): Promise<{ readonly unseen: readonly Unseen[]; readonly events: number }> {
  const unseen: Unseen[] = [];
  let before = 0;
  for (const { name, take } of questions) {
    const what = `Events ${name} in ${region}`;
    const question = { eventName: name, period, most: mostEvents };
    const miss = (missing: string, why: string): void =>
      void unseen.push({ what: missing, why, when: 'thisTime' });
    try {
      const { events, unreadable, cutAt } = await eachEvent(
        { ...stack.connection, region },
        question,
        take,
        (count) => progress(before + count),
      );
      before += events;
      if (cutAt !== undefined) {
        miss(
          `${what} before ${new Date(cutAt).toISOString()}.`,
          `There are more than ${mostEvents}. Give --most-events a larger number, or ask the trail.`,
        );
      }
      if (unreadable > 0)
        miss(`${unreadable} of the events ${name} in ${region}.`, 'They hold no record that can be read.');
    } catch (error) {
      miss(`${what}, or some of them.`, explainError(error));
    }
  }
  return { unseen, events: before };
}

const usersUnseen = ({ users }: StatusDocument): readonly Unseen[] =>
  users
    .filter(({ asked }) => !asked.keys)
    .map(({ user, findings }) => ({
      what: `The keys and the secret of ${user}.`,
      why: findings[0]?.what ?? 'It has no key.',
      when: 'thisTime',
    }));

const reachOf = (now: Instant): Instant => now - EVENT_HISTORY_DAYS * DAY;

function periodUnseen({ from, until }: Period, now: Instant): readonly Unseen[] {
  const reach = reachOf(now);
  const older =
    from >= reach - HOUR
      ? []
      : [
          {
            what: `Events before ${new Date(reach).toISOString()}.`,
            why: `CloudTrail's event history has ${EVENT_HISTORY_DAYS} days. A trail has more: ask it as in docs/audit.md.`,
            when: 'thisTime' as const,
          },
        ];
  const late =
    until < now - LATEST_EVENT
      ? []
      : [
          {
            what: 'Events of the last minutes of the period.',
            why: 'CloudTrail shows a call some minutes after it, and promises no time.',
            when: 'always' as const,
          },
        ];
  return [...older, ...late];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html says about 5 minutes. */
const LATEST_EVENT = HOUR;
