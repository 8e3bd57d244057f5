import { setTimeout as sleep } from 'node:timers/promises';

import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';

import { iamEventsRegion } from '../../contract/iam-events-region';
import { HEALTH_DETAIL_TYPE, HEALTH_SOURCE, LEAK_CODES, RISK } from '../../contract/leaks';
import type { LocalAws } from '../local-aws';
import { readKey } from './application';
import { lastFour } from './keys';

/** Something that a leak brought, seconds after AWS reported it. */
export interface LeakMoment {
  readonly seconds: number;
  readonly what: string;
}

const POLL_MS = 50;

/** The local AWS says that a user's current key leaked, as AWS Health does, and gives what comes of it until its end. */
export async function* followLeak(
  aws: LocalAws,
  {
    userName,
    secretArn,
    signal,
  }: { readonly userName: string; readonly secretArn: string; readonly signal: AbortSignal },
): AsyncGenerator<LeakMoment> {
  const { accessKeyId: leaked } = await readKey(aws, secretArn);
  const began = aws.now();
  const moment = (what: string): LeakMoment => ({
    seconds: (aws.now().getTime() - began.getTime()) / 1000,
    what,
  });
  const region = iamEventsRegion(secretArn.split(':')[1] ?? 'aws') ?? aws.region;
  const [code = ''] = LEAK_CODES;
  aws.putServiceEvent(region, {
    source: HEALTH_SOURCE,
    detailType: HEALTH_DETAIL_TYPE,
    detail: {
      eventArn: `arn:aws:health:global::event/${RISK}/${code}/${code}_demo`,
      ...{ service: RISK, eventTypeCode: code, eventTypeCategory: 'issue' },
      ...{ startTime: began.toUTCString(), affectedEntities: [{ entityValue: leaked }] },
    },
  });
  yield moment(`AWS Health, in ${region}: ${code}, key ${lastFour(leaked)}`);
  let [isReplaced, isInactive] = [false, false];
  while (!isReplaced || !isInactive) {
    await sleep(POLL_MS, undefined, { signal });
    const { accessKeyId: current } = await readKey(aws, secretArn);
    if (!isReplaced && current !== leaked) {
      isReplaced = true;
      yield moment(`a new key ${lastFour(current)} is made, proved and current`);
    }
    if (!isInactive && (await statusOf(aws, userName, leaked)) !== 'Active') {
      isInactive = true;
      yield moment(`${lastFour(leaked)} is Inactive`);
    }
  }
}

async function statusOf(aws: LocalAws, userName: string, keyId: string): Promise<string | undefined> {
  const iam = new IAMClient(aws.clientConfig());
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: userName }));
  return AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === keyId)?.Status;
}
