import { arnParts, partitionOf } from '../aws-values';
import type { Draft, DraftStack, DraftUser } from '../draft';
import type { Finding, Path } from '../problem';

/** What an ARN has to have in common with its stack. */
interface ArnRule {
  readonly arn: string | undefined;
  readonly path: Path;
  /** As in "a policy". */
  readonly what: string;
  readonly sameAccount: boolean;
  readonly sameRegion?: boolean;
}

/** ARNs that are well-formed and yet cannot work: of another partition, account or region. */
export function checkArns(draft: Draft): Finding[] {
  return draft.stacks.flatMap((stack) =>
    [...arnsOfStack(stack), ...stack.users.flatMap(arnsOfUser)].flatMap((rule) => checkArn(stack, rule)),
  );
}

function arnsOfStack({ path, values }: DraftStack): ArnRule[] {
  return [
    { arn: values.deployRoleArn, path: [...path, 'deployRoleArn'], what: 'the role', sameAccount: true },
    {
      arn: values.kmsKeyArn,
      path: [...path, 'kmsKeyArn'],
      what: 'the KMS key',
      sameAccount: false,
      sameRegion: true,
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
      sameRegion: true,
    },
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

function checkArn(stack: DraftStack, { arn, path, what, sameAccount, sameRegion }: ArnRule): Finding[] {
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
  if (sameRegion === true && region !== undefined && parts.region !== region) {
    return [
      {
        path,
        rule: `${what} is in the stack's region, ${region}`,
        write: `the ARN of a key in ${region}, or of a multi-region key's replica there`,
      },
    ];
  }
  return [];
}
