import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';

import { explainError } from '../../explain-error';
import { unlessMissing } from '../account';
import { type Check, type Context, CouldNotLookError, type Finding, problem, warning } from '../check';
import { isOfAws } from '../is-of-aws';
import { type Recorded, recordedBy } from '../recorded-by';
import { applied } from '../remedies';
import { watchesActs } from '../watches-acts';

export const trail: Check = {
  name: 'trail',
  looksAt: 'the CloudTrail trail, where the configuration has one',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors', 'cloudtrail:GetTrailStatus'],
  async run(context) {
    const made = context.expected.named('aws_cloudtrail');
    if (made.length > 0) return (await Promise.all(made.map(({ name }) => ofOwn(name, context)))).flat();
    // With `auditTrail: existing` the stack watches acts, and makes no trail.
    return watchesActs(context.expected) ? ofExisting(context) : [];
  },
};

/** It records what it was made to record, unless somebody changed its selectors since. */
async function ofOwn(name: string, context: Context): Promise<readonly Finding[]> {
  const remedy = applied(context.expected);
  if (!(await isLogging(name, context))) return [doesNotRecord(name, remedy)];
  const { cloudTrail } = context.account;
  const { writes, reads } = recordedBy(
    await cloudTrail.send(new GetEventSelectorsCommand({ TrailName: name })),
  );
  if (!writes) return [doesNotRecord(name, remedy)];
  return reads ? [] : [doesNotRecordReads(name, remedy)];
}

/** EventBridge has an event that any of the trails records. */
async function ofExisting(context: Context): Promise<readonly Finding[]> {
  const { account } = context;
  const { trailList = [] } = await account.cloudTrail.send(new DescribeTrailsCommand({}));
  const refusals: CouldNotLookError[] = [];
  const recorded: Recorded[] = [];
  for (const { TrailARN, HomeRegion, IsMultiRegionTrail } of trailList) {
    if (TrailARN === undefined || IsMultiRegionTrail !== true) continue;
    try {
      if (!(await isLogging(TrailARN, context))) continue;
      const client = account.cloudTrailIn(HomeRegion ?? account.connection.region);
      recorded.push(recordedBy(await client.send(new GetEventSelectorsCommand({ TrailName: TrailARN }))));
    } catch (error) {
      // Another trail may do; what this one records is of interest only where none does.
      if (!isOfAws(error)) throw error;
      refusals.push(new CouldNotLookError(`${TrailARN}: ${explainError(error)}`));
    }
  }
  const writes = recorded.some((one) => one.writes);
  const reads = recorded.some((one) => one.reads);
  if (writes && reads) return [];
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  if (!writes) return [doesNotRecord(EXISTING, `${TRAIL_OF_ALL} Or write auditTrail: create.`)];
  return [doesNotRecordReads(EXISTING, TRAIL_OF_ALL)];
}

const EXISTING = 'auditTrail: existing';
const TRAIL_OF_ALL =
  'Have a trail of all regions record all management events, those that read and those that write.';

const doesNotRecord = (subject: string, remedy: string): Finding =>
  problem(
    subject,
    'No trail records management events that write: suspicious acts on keys and secrets are not noticed.',
    remedy,
  );

const doesNotRecordReads = (subject: string, remedy: string): Finding =>
  warning(
    subject,
    'No trail records management events that only read: nobody is notified of who reads a secret.',
    remedy,
  );

async function isLogging(name: string, { account: { cloudTrail } }: Context): Promise<boolean> {
  const status = await unlessMissing(cloudTrail.send(new GetTrailStatusCommand({ Name: name })));
  return status?.IsLogging === true;
}
