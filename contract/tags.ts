/** What all our tag keys begin with; the configuration's own tags may not. */
export const TAG_NAMESPACE = 'iam-key-rotation:';

/**
 * The IAM console keeps a person's description of an access key as a tag of the user, whose key is the id of the access key.
 * Terraform leaves these tags as they are.
 */
export const KEY_NOTE_TAG_PREFIX = 'AKIA';

/** Tags with such keys are written by AWS alone, and Terraform's AWS provider leaves them as they are. */
export const AWS_TAG_NAMESPACE = 'aws:';

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
