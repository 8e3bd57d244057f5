import { iamEventsRegion } from '../../aws/aws-place';
import { partitionOf } from '../../aws/aws-values';
import type { Draft, DraftStack } from '../draft';
import { trailBucketName } from '../../aws/names';
import { formatPath, type Problem, type Path } from '../problem';
import { effectivePrefix } from './effective-prefix';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST_BUCKET_NAME = 63;

/**
 * What a trail may be called: begins and ends with a letter or digit, and no two hyphens or underscores meet.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
 */
const TRAIL_NAME = /^[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*$/;

/**
 * For one account and region, and fixed. Others in the account may have some, which nobody sees here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const MOST_LOG_POLICIES = 10;

/** One trail for an account, that AWS takes the name of; and what watches it, where AWS has room for it. */
export function checkAuditTrails(draft: Draft): Problem[] {
  const stackOfAccount = new Map<string, Path>();
  const logPolicies = new Map<string, Set<string>>();
  return draft.stacks.flatMap((stack): Problem[] => {
    const path = [...stack.path, 'auditTrail'];
    if (!draft.isSound(path)) return [];
    const problems = [...unknownIamRegion(stack, path), ...noRoomForLogPolicy(stack, path, logPolicies)];
    if (stack.values.auditTrail !== 'create') return problems;
    return [...problems, ...secondTrail(stack, path, stackOfAccount), ...refusedName(draft, stack, path)];
  });
}

/** Each stack has one, its shards together. @param seen - the stacks that have one so far, by account and region */
function noRoomForLogPolicy(
  { path: stackPath, values }: DraftStack,
  path: Path,
  seen: Map<string, Set<string>>,
): Problem[] {
  const { accountId, auditTrail = 'none', region } = values;
  if (auditTrail === 'none' || accountId === undefined || region === undefined) return [];
  const place = `${accountId} in ${region}`;
  const stacks = seen.get(place) ?? new Set<string>();
  seen.set(place, stacks);
  const stack = formatPath(stackPath);
  if (stacks.has(stack)) return [];
  stacks.add(stack);
  if (stacks.size <= MOST_LOG_POLICIES) return [];
  return [
    {
      path,
      rule: `each stack with a trail needs a resource policy of CloudWatch Logs, which takes ${MOST_LOG_POLICIES} in the account ${place}; this is number ${stacks.size}`,
      write:
        'auditTrail: none, or make the users a shard of another stack: all shards of a stack need one policy',
    },
  ];
}

/** Without it, whoever changes the keys of a rotated user would go unnoticed, although the file says otherwise. */
function unknownIamRegion({ values }: DraftStack, path: Path): Problem[] {
  const { auditTrail = 'none', region } = values;
  if (auditTrail === 'none' || region === undefined) return [];
  const partition = partitionOf(region);
  if (iamEventsRegion(partition) !== undefined) return [];
  return [
    {
      path,
      rule: `acts on access keys are seen in the one region where IAM reports them, and for ${partition} that is not documented`,
      write: 'auditTrail: none',
    },
  ];
}

/** A second copy of the same events costs, and the first one has them all. */
function secondTrail(
  { path: stackPath, values }: DraftStack,
  path: Path,
  seen: Map<string, Path>,
): Problem[] {
  const { accountId } = values;
  if (accountId === undefined) return [];
  const other = seen.get(accountId);
  if (other === undefined) {
    seen.set(accountId, stackPath);
    return [];
  }
  return [
    {
      path,
      rule: `one trail has the events of all regions of an account (${accountId}), and ${formatPath(other)} makes it already; CloudTrail charges for a second copy`,
      write: 'auditTrail: existing',
    },
  ];
}

function refusedName(draft: Draft, stack: DraftStack, path: Path): Problem[] {
  const { accountId } = stack.values;
  const prefix = effectivePrefix(draft, stack);
  if (accountId === undefined || prefix === undefined) return [];
  const bucket = trailBucketName(prefix, accountId);
  if (bucket.length > LONGEST_BUCKET_NAME) {
    return [
      {
        path,
        found: `'create', with the prefix '${prefix}'`,
        rule: `the trail's bucket is called '${bucket}', and a bucket's name has at most ${LONGEST_BUCKET_NAME} characters`,
        write: `a prefix of at most ${LONGEST_BUCKET_NAME - trailBucketName('', accountId).length} characters, or auditTrail: existing`,
      },
    ];
  }
  if (TRAIL_NAME.test(prefix)) return [];
  return [
    {
      path,
      found: `'create', with the prefix '${prefix}'`,
      rule: "the trail is called as the prefix, and a trail's name ends with a letter or digit and has no two - or _ side by side",
      write: 'another prefix, or auditTrail: existing',
    },
  ];
}
