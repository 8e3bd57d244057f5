import { DELIVERY_EVENTS } from '../../contract/delivery-input';
import { EVENT_SOURCE } from '../../contract/telemetry-names';
import type { AwsPlace } from '../aws/aws-place';
import { secretNamePrefix } from '../aws/names';

/** Our own events after which another key may be current. */
export const promotionPattern = (stack: string, { accountId }: AwsPlace): object => ({
  account: [accountId],
  source: [EVENT_SOURCE],
  'detail-type': DELIVERY_EVENTS,
  detail: { stack: [stack] },
});

/**
 * Secrets Manager's own word that AWSCURRENT moved, which needs no trail (F 5.7); of all secrets of the stack, and of its
 * shards.
 */
export const labelPattern = (secretPrefix: string, { partition, region, accountId }: AwsPlace): object => ({
  account: [accountId],
  source: ['aws.secretsmanager'],
  'detail-type': ['Secret Label Updated'],
  resources: [
    {
      prefix: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}`,
    },
  ],
  detail: { labelUpdated: ['AWSCURRENT'] },
});
