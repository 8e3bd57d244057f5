import type { EventBus } from '../eventbridge/event-bus';
import type { Moto } from '../moto/moto';
import type { ServiceEvent } from '../secrets-manager/rotation-events';

const TARGET = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101';

/**
 * Brings what Secrets Manager reports to EventBridge, as CloudTrail does where a trail is logging.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export function serviceEvents(moto: Moto, bus: EventBus): (event: ServiceEvent) => void {
  return (event) => {
    bus.follow(async () => {
      if (!(await aTrailIsLogging(moto, event))) return;
      bus.put({
        source: 'aws.secretsmanager',
        detailType: 'AWS Service Event via CloudTrail',
        detail: event,
      });
    });
  };
}

async function aTrailIsLogging(moto: Moto, event: ServiceEvent): Promise<boolean> {
  const ask = async <Answer>(action: string, question: object): Promise<Answer> => {
    const answer = await moto.json('cloudtrail', `${TARGET}.${action}`, question, String(event['awsRegion']));
    return JSON.parse(answer.body.toString('utf8')) as Answer;
  };
  const { trailList } = await ask<{ trailList: readonly { readonly Name: string }[] }>('DescribeTrails', {});
  for (const { Name } of trailList) {
    if ((await ask<{ IsLogging: boolean }>('GetTrailStatus', { Name })).IsLogging) return true;
  }
  return false;
}
