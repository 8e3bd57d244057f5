import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type GetTrailStatusCommandOutput,
} from '@aws-sdk/client-cloudtrail';

import { trailBucketName } from '../../../contract/names';
import { explainError } from '../../explain-error';
import { unlessMissing } from '../account';
import { type Check, type Context, CouldNotLookError, type Finding, problem, warning } from '../check';
import type { Expected } from '../expected';
import { isOfAws } from '../is-of-aws';
import { type Recorded, recordedBy } from '../recorded-by';
import { applied } from '../remedies';
import { hearsServiceEvents } from '../service-events';
import { watchesActs } from '../watches-acts';

export const trail: Check = {
  name: 'trail',
  looksAt: 'the CloudTrail trail and whether its bucket takes the records, where the stack has or uses one',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors', 'cloudtrail:GetTrailStatus'],
  async run(context) {
    const made = context.expected.named('aws_cloudtrail');
    if (made.length > 0) {
      const found = await Promise.all(made.map(({ name }) => ofOwn(name, context)));
      return found.flat();
    }
    const { expected } = context;
    // With `auditTrail: existing` the stack watches acts, and makes no trail; the Terraform modules watch none.
    if (watchesActs(expected)) return ofExisting(context, FOR_ACTS);
    return hearsServiceEvents(expected) ? ofExisting(context, FOR_SERVICE_EVENTS) : [];
  },
};

/** One that the stack made. */
async function ofOwn(
  name: string,
  { expected, account: { cloudTrail } }: Context,
): Promise<readonly Finding[]> {
  const remedy = applied(expected);
  const status = await unlessMissing(cloudTrail.send(new GetTrailStatusCommand({ Name: name })));
  if (status?.IsLogging !== true) return [doesNotRecord(name, remedy, FOR_ACTS)];
  // What it was made to record, unless somebody changed its selectors since.
  const { writes, reads } = recordedBy(
    await cloudTrail.send(new GetEventSelectorsCommand({ TrailName: name })),
  );
  if (!writes) return [doesNotRecord(name, remedy, FOR_ACTS)];
  const notRead = reads ? [] : [doesNotRecordReads(name, remedy, FOR_ACTS)];
  return [...notRead, ...(await ofBucket(name, status, expected, cloudTrail))];
}

/** It takes the records. */
async function ofBucket(
  name: string,
  status: GetTrailStatusCommandOutput,
  expected: Expected,
  cloudTrail: Context['account']['cloudTrail'],
): Promise<readonly Finding[]> {
  const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand({ trailNameList: [name] }));
  const wanted = trailBucketName(expected.prefix, expected.accountId);
  const bucket = trailList[0]?.S3BucketName;
  if (bucket !== wanted) {
    return [
      problem(
        name,
        `It delivers its records to the bucket ${bucket ?? '(none)'}, not to ${wanted}.`,
        `${applied(expected)} Find out who changed it: look in CloudTrail for UpdateTrail.`,
      ),
    ];
  }
  // F 7.7
  const { LatestDeliveryError: error = '' } = status;
  if (error === '') return [];
  return [
    problem(
      wanted,
      `CloudTrail could not deliver the newest records of ${name} to this bucket: ${error}.`,
      `${applied(expected)} It makes a bucket that is gone, and puts its policy right; records of the time between are lost after CloudTrail has given up.`,
    ),
  ];
}

/** What a trail that somebody else made is needed for. */
interface Need {
  /** Where the configuration says that there is one. */
  readonly subject: string;
  readonly withoutWrites: string;
  /** Absent: records of what only reads are not needed. */
  readonly withoutReads?: string;
  readonly otherwise: string;
}

const FOR_ACTS: Need = {
  subject: 'auditTrail: existing',
  withoutWrites: 'suspicious acts on keys and secrets are not noticed.',
  withoutReads: 'nobody is notified of who reads a secret.',
  otherwise: 'Or write auditTrail: create.',
};

const FOR_SERVICE_EVENTS: Need = {
  subject: 'trail_exists = true',
  withoutWrites: "Secrets Manager's own reports of failed rotations reach nobody.",
  otherwise: 'Or write trail_exists = false, and do without them.',
};

/** EventBridge has an event that any of the trails records. */
async function ofExisting(context: Context, need: Need): Promise<readonly Finding[]> {
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
  const reads = need.withoutReads === undefined || recorded.some((one) => one.reads);
  if (writes && reads) return [];
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  if (!writes) return [doesNotRecord(need.subject, `${TRAIL_OF_ALL} ${need.otherwise}`, need)];
  return [doesNotRecordReads(need.subject, TRAIL_OF_ALL, need)];
}

const TRAIL_OF_ALL =
  'Have a trail of all regions record all management events, those that read and those that write.';

const doesNotRecord = (subject: string, remedy: string, { withoutWrites }: Need): Finding =>
  problem(subject, `No trail records management events that write: ${withoutWrites}`, remedy);

const doesNotRecordReads = (subject: string, remedy: string, { withoutReads = '' }: Need): Finding =>
  warning(subject, `No trail records management events that only read: ${withoutReads}`, remedy);

async function isLogging(name: string, { account: { cloudTrail } }: Context): Promise<boolean> {
  const status = await unlessMissing(cloudTrail.send(new GetTrailStatusCommand({ Name: name })));
  return status?.IsLogging === true;
}
