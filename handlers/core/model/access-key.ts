import type { Instant } from '../../../contract/instant';
import type { SecretMaterial } from '../../../contract/secret-material';

/**
 * IAM's own words are Active and Inactive; botocore's model also has Expired, and more may come.
 * Whatever is not Active does not work, so it is never taken for Active.
 */
export type AccessKeyStatus = 'Active' | 'Inactive' | 'Unknown';

/** An access key as ListAccessKeys shows it. */
export interface AccessKey {
  readonly id: string;
  readonly status: AccessKeyStatus;
  /** IAM's own clock, whole seconds. */
  readonly createdAt: Instant;
}

/** The one answer in which IAM ever shows a secret access key. */
export interface CreatedAccessKey extends AccessKey {
  readonly secretAccessKey: SecretMaterial;
}

/** What GetAccessKeyLastUsed knows; it lags behind by up to some hours (AWS documents no bound). */
export interface LastUse {
  readonly at: Instant;
  readonly service: string;
  readonly region: string;
}

/** At most two access keys per user, Active or Inactive; AWS does not raise this quota. */
export const ACCESS_KEYS_PER_USER = 2;
