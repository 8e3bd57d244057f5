import type { RotatedKey } from '../../client/rotated-key';

/** Those that the program is given. */
const KEY_ID = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';
const REGIONS = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;
const ACCOUNT_ID = 'AWS_ACCOUNT_ID';

/**
 * What an SDK would take in place of the key, or mix with it: the token of the caller's session, and every other place from
 * which credentials may come. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
 */
const OTHER_CREDENTIALS = [
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a program that is to work with the key and with nothing else.
 *
 * @param caller whose region stays, and whose credentials go. An account id, where there is one, becomes that of the key:
 * SDKs make host names of it. https://docs.aws.amazon.com/sdkref/latest/guide/feature-account-endpoints.html
 * @param region for a program whose caller has set none: with the caller's profile its region goes, too
 */
export function environmentWith(key: RotatedKey, caller: Environment, region: string): Environment {
  // Where names differ by case alone they are one variable on Windows.
  const gone = new Set([...OTHER_CREDENTIALS, KEY_ID, SECRET, ACCOUNT_ID]);
  const kept = Object.entries(caller).filter(([name]) => !gone.has(name.toUpperCase()));
  const common = REGIONS.map((name) => caller[name]).find(Boolean) ?? region;
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(REGIONS.map((name) => [name, hasText(caller[name]) ? caller[name] : common])),
    ...(caller[ACCOUNT_ID] === undefined || key.accountId === undefined
      ? {}
      : { [ACCOUNT_ID]: key.accountId }),
    [KEY_ID]: key.accessKeyId,
    [SECRET]: key.secretAccessKey.reveal(),
  };
}

/** SDKs take an empty variable for one that is not set. */
const hasText = (value: string | undefined): boolean => value !== undefined && value !== '';
