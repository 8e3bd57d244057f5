import { DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';

import { unlessMissing } from '../account';
import { type Check, type Context, type Finding, problem } from '../check';
import { applied } from '../remedies';
import { watchesActs } from '../watches-acts';

export const trail: Check = {
  name: 'trail',
  looksAt: 'the CloudTrail trail, where the configuration has one',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  async run(context) {
    const made = context.expected.named('aws_cloudtrail');
    if (made.length > 0) {
      const found = await Promise.all(
        made.map(async ({ name }) =>
          (await isLogging(name, context)) ? [] : [doesNotRecord(name, applied(context.expected))],
        ),
      );
      return found.flat();
    }
    // With `auditTrail: existing` the stack watches acts, and makes no trail.
    return watchesActs(context.expected) ? ofExisting(context) : [];
  },
};

async function ofExisting(context: Context): Promise<readonly Finding[]> {
  const { trailList = [] } = await context.account.cloudTrail.send(new DescribeTrailsCommand({}));
  const everywhere = trailList.filter(({ IsMultiRegionTrail }) => IsMultiRegionTrail === true);
  for (const { TrailARN } of everywhere) {
    if (TrailARN !== undefined && (await isLogging(TrailARN, context))) return [];
  }
  return [
    doesNotRecord(
      'auditTrail: existing',
      'Start a trail of all regions with management events, or write auditTrail: create.',
    ),
  ];
}

const doesNotRecord = (subject: string, remedy: string): Finding =>
  problem(subject, 'No trail records: suspicious acts on keys and secrets are not noticed.', remedy);

async function isLogging(name: string, { account: { cloudTrail } }: Context): Promise<boolean> {
  const status = await unlessMissing(cloudTrail.send(new GetTrailStatusCommand({ Name: name })));
  return status?.IsLogging === true;
}
