/** A statement of the policy that a person needs who runs a command. */
export interface CommandPermission {
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARNs. `{account}`, `{region}`, `{partition}` and `{prefix}` stand for the values of the stack. */
  readonly resources: readonly string[];
}

/** What `adopt` calls. It changes nothing. */
export const ADOPT_PERMISSIONS: readonly CommandPermission[] = [
  {
    sid: 'ReadUsersAndKeys',
    actions: [
      'iam:GenerateCredentialReport',
      'iam:GetCredentialReport',
      'iam:ListUsers',
      'iam:ListAccessKeys',
      'iam:GetAccessKeyLastUsed',
      'iam:GetLoginProfile',
      'iam:ListMFADevices',
      'iam:ListUserTags',
    ],
    resources: ['*'],
  },
  {
    /** With --import. */
    sid: 'ReadWhatUsersMayDo',
    actions: ['iam:GetUser', 'iam:ListAttachedUserPolicies', 'iam:ListGroupsForUser', 'iam:ListUserPolicies'],
    resources: ['*'],
  },
  {
    sid: 'ReadWhoIsRotated',
    actions: ['dynamodb:Scan'],
    resources: ['arn:{partition}:dynamodb:{region}:{account}:table/{prefix}'],
  },
  /** With --trail. It has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html */
  { sid: 'ReadEventHistory', actions: ['cloudtrail:LookupEvents'], resources: ['*'] },
];
