/** The name of a user in the configuration: a Terraform address, and a part of the names of all that is made for it. */
export const STABLE_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Lambda functions' and IAM roles' names. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const LONGEST_NAME = 64;

/** Stable keys whose function and role would be called as something that the stack has for all its users. */
export const RESERVED_STABLE_KEYS: readonly string[] = [
  'iam-events',
  'notify',
  'retire',
  'retire-schedule',
  'rotate',
];
