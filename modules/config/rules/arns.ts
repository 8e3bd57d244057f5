import { arnParts, partitionOf } from '../../aws/aws-values';
import type { Draft, DraftStack, DraftUser } from '../draft';
import type { Finding, Path } from '../problem';

/** What an ARN has to have in common with its stack. */
interface ArnRule {
  readonly arn: string | undefined;
  readonly path: Path;
  /** As in "a policy". */
  readonly what: string;
  readonly sameAccount: boolean;
  /** The region that it has to be in. */
  readonly region?: string | undefined;
}

/** ARNs that are well-formed and yet cannot work: of another partition, account or region. */
export function checkArns(draft: Draft): Finding[] {
  return draft.stacks.flatMap((stack) =>
    [...arnsOfStack(stack), ...stack.users.flatMap(arnsOfUser)].flatMap((rule) => checkArn(stack, rule)),
  );
}

function arnsOfStack({ path, values }: DraftStack): ArnRule[] {
  const { region } = values;
  return [
    ...arnsOfReplicas(values.replicaRegions, [...path, 'replicaRegions']),
    { arn: values.deployRoleArn, path: [...path, 'deployRoleArn'], what: 'the role', sameAccount: true },
    {
      arn: values.kmsKeyArn,
      path: [...path, 'kmsKeyArn'],
      what: 'the KMS key',
      sameAccount: false,
      region,
    },
    {
      arn: values.permissionsBoundaryArn,
      path: [...path, 'permissionsBoundaryArn'],
      what: 'the policy',
      sameAccount: true,
    },
    {
      arn: values.logKmsKeyArn,
      path: [...path, 'logKmsKeyArn'],
      what: 'the KMS key',
      sameAccount: false,
      region,
    },
    {
      arn: values.alerts?.kmsKeyArn,
      path: [...path, 'alerts', 'kmsKeyArn'],
      what: 'the KMS key',
      sameAccount: false,
      region,
    },
    {
      arn: values.auditKmsKeyArn,
      path: [...path, 'auditKmsKeyArn'],
      what: 'the KMS key',
      sameAccount: false,
      region,
    },
    ...(values.alerts?.topicArns ?? []).map((arn, index) => ({
      arn,
      path: [...path, 'alerts', 'topicArns', index],
      what: 'the topic',
      sameAccount: false,
      region,
    })),
  ];
}

function arnsOfUser({ path, values }: DraftUser): ArnRule[] {
  return [
    ...(values.policyArns ?? []).map((arn, index) => ({
      arn,
      path: [...path, 'policyArns', index],
      what: 'the policy',
      sameAccount: true,
    })),
    ...arnsOfReplicas(values.replicaRegions, [...path, 'replicaRegions']),
    ...(values.readers ?? []).map((arn, index) => ({
      arn,
      path: [...path, 'readers', index],
      what: 'the reader',
      sameAccount: false,
    })),
    {
      arn: values.permissionsBoundaryArn,
      path: [...path, 'permissionsBoundaryArn'],
      what: 'the policy',
      sameAccount: true,
    },
  ];
}

function arnsOfReplicas(replicas: DraftUser['values']['replicaRegions'], path: Path): ArnRule[] {
  return Object.entries(replicas ?? {}).map(([region, { kmsKeyArn }]) => ({
    arn: kmsKeyArn,
    path: [...path, region, 'kmsKeyArn'],
    what: 'the KMS key',
    sameAccount: false,
    region,
  }));
}

function checkArn(stack: DraftStack, { arn, path, what, sameAccount, region: wanted }: ArnRule): Finding[] {
  if (arn === undefined) return [];
  const { accountId, region } = stack.values;
  const parts = arnParts(arn);

  const partition = region === undefined ? undefined : partitionOf(region);
  if (partition !== undefined && parts.partition !== partition) {
    return [
      {
        path,
        rule: `${what} is in the partition of the stack's region, ${partition}: no partition trusts another`,
        write: arn.replace(/^arn:[^:]+/, `arn:${partition}`),
      },
    ];
  }
  // Policies made by AWS have the account `aws`.
  if (sameAccount && accountId !== undefined && parts.accountId !== accountId && parts.accountId !== 'aws') {
    return [
      {
        path,
        rule: `${what} is in the stack's account, ${accountId}: IAM takes none of another account`,
        write: arn.replace(`::${parts.accountId}:`, `::${accountId}:`),
      },
    ];
  }
  if (wanted !== undefined && parts.region !== wanted) {
    const whose = wanted === region ? "the stack's region" : 'the region of the copy';
    return [
      {
        path,
        rule: `${what} is in ${whose}, ${wanted}`,
        write:
          what === 'the topic'
            ? `the ARN of a topic in ${wanted}: SNS publishes to none of another region`
            : `the ARN of a key in ${wanted}, or of a multi-region key's replica there`,
      },
    ];
  }
  return [];
}
