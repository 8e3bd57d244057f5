import * as z from 'zod/mini';

import type { AccessKey, CreatedAccessKey } from './access-key';
import type { AccessKeyCredentials } from './ports';
import { SecretMaterial } from '../../../contract/secret-material';
import { sesSmtpPassword } from './ses-smtp-password';
import type { Settings } from '../../../contract/settings';
import { someText } from '../../../contract/schema-parts';

/**
 * What the secret holds: a `credential_process` document, so that every AWS SDK and CLI can use it as it is.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
const secretValueSchema = z.object({
  Version: z.literal(1),
  AccessKeyId: z.string().check(z.minLength(16)),
  SecretAccessKey: someText,
  UserName: z.optional(z.string()),
  AccountId: z.optional(z.string()),
  CreateDate: z.optional(z.string()),
});

/**
 * The text to store for a new key. What it holds beside the document's own fields is for people and for programs that
 * cannot sign: an SDK passes over fields that it does not know.
 */
export function encodeSecretValue(key: CreatedAccessKey, settings: Settings): SecretMaterial {
  return new SecretMaterial(
    JSON.stringify({
      Version: 1,
      AccessKeyId: key.id,
      SecretAccessKey: key.secretAccessKey.reveal(),
      UserName: settings.userName,
      AccountId: settings.accountId,
      CreateDate: new Date(key.createdAt).toISOString(),
      ...smtpFields(key, settings),
    }),
  );
}

/** A password is valid in one region only, so the value names the region, too. */
function smtpFields({ id, secretAccessKey }: CreatedAccessKey, { sesSmtp }: Settings): object {
  if (sesSmtp === undefined) return {};
  return {
    SmtpUserName: id,
    SmtpPassword: sesSmtpPassword(secretAccessKey, sesSmtp.region).reveal(),
    SmtpRegion: sesSmtp.region,
  };
}

/** The credentials in a stored text, or undefined if it is not a document of ours. Never quotes the text. */
export function decodeSecretValue(text: SecretMaterial): AccessKeyCredentials | undefined {
  const document = secretValueSchema.safeParse(parseJson(text.reveal()));
  if (!document.success) return undefined;
  return {
    accessKeyId: document.data.AccessKeyId,
    secretAccessKey: new SecretMaterial(document.data.SecretAccessKey),
  };
}

/**
 * Whether this product wrote the text about this very key: it names the account and the moment at which IAM created
 * the key. For a journal that was lost; a key pair that a person stored by hand is not ours to retire (R4).
 */
export function wasStoredByUs(text: SecretMaterial, settings: Settings, key: AccessKey): boolean {
  const document = secretValueSchema.safeParse(parseJson(text.reveal()));
  return (
    document.success &&
    document.data.AccessKeyId === key.id &&
    document.data.AccountId === settings.accountId &&
    Date.parse(document.data.CreateDate ?? '') === key.createdAt
  );
}

/** JSON.parse quotes its input in its errors, and the input is a secret: what does not parse is undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
