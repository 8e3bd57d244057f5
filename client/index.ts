/** `iam-key-rotation/client`: what an application needs so as never to hold a dead key. */
export { RotatedSecretError } from './errors';
export {
  fromRotatedSecret,
  type FromRotatedSecretInit,
  type RotatedCredentialsProvider,
  type RotatedCredentialsRequest,
} from './from-rotated-secret';
export { refreshOnRejectedKey, type SdkClient } from './refresh-on-rejected-key';
