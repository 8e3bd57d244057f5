import type { RotatedKey } from '../../client/rotated-key';
import type { Instant } from '../../contract/instant';

/**
 * What a `credential_process` prints. The key does not expire; the expiration makes programs ask again, so that they
 * have the next key before this one ends.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export const processDocument = (key: RotatedKey, expiration: Instant): object => ({
  Version: 1,
  AccessKeyId: key.accessKeyId,
  SecretAccessKey: key.secretAccessKey.reveal(),
  AccountId: key.accountId,
  Expiration: new Date(expiration).toISOString(),
});
