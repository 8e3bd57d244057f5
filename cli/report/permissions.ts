/* What the command `report` calls, as the least policy for the person who runs it. */

/** What of an IAM statement differs from stack to stack is written as `${…}`. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export const REPORT_PERMISSIONS: readonly Permission[] = [
  {
    sid: 'Table',
    actions: ['dynamodb:Scan'],
    resources: ['arn:${partition}:dynamodb:${region}:${account}:table/${prefix}'],
  },
  {
    sid: 'Keys',
    actions: ['iam:GetUser', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
    resources: ['arn:${partition}:iam::${account}:user/*'],
  },
  {
    sid: 'Secrets',
    actions: ['secretsmanager:DescribeSecret'],
    resources: ['arn:${partition}:secretsmanager:${region}:${account}:secret:${prefix}/*'],
  },
  // LookupEvents knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
  { sid: 'EventHistory', actions: ['cloudtrail:LookupEvents'], resources: ['*'] },
];
