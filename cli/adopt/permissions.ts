import { IAM_USERS, type Permission, READ_EVENT_HISTORY, READ_USERS } from '../policy/permission';

/** What `adopt` calls. It changes nothing. */
export const ADOPT_PERMISSIONS: readonly Permission[] = [
  {
    sid: 'ListUsers',
    actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:ListUsers'],
    resources: ['*'],
  },
  {
    sid: 'LookAtAllKeys',
    actions: [
      'iam:GetAccessKeyLastUsed',
      'iam:GetLoginProfile',
      'iam:ListAccessKeys',
      'iam:ListMFADevices',
      'iam:ListUserTags',
    ],
    resources: [IAM_USERS],
  },
  {
    /** With --import. */
    sid: 'LookAtWhatUsersMayDo',
    actions: ['iam:GetUser', 'iam:ListAttachedUserPolicies', 'iam:ListGroupsForUser', 'iam:ListUserPolicies'],
    resources: [IAM_USERS],
  },
  READ_USERS,
  /** With --trail. */
  READ_EVENT_HISTORY,
];
