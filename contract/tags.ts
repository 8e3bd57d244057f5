/** What all our tag keys begin with; the configuration's own tags may not. */
export const TAG_NAMESPACE = 'iam-key-rotation:';

export const TAG_KEYS = {
  /** The stable key, on everything made for one user. */
  user: `${TAG_NAMESPACE}user`,
  owner: `${TAG_NAMESPACE}owner`,
  /** The IAM user's unique id, on its secret: the settings in the table have to name the same. */
  userId: `${TAG_NAMESPACE}user-id`,
  /** The stack's name, on everything. */
  stack: `${TAG_NAMESPACE}stack`,
  /** On everything that `npx iam-key-rotation verify-account` makes, and removes again. */
  verifyAccount: `${TAG_NAMESPACE}verify-account`,
} as const;
