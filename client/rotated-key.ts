import type { Instant } from '../contract/instant';
import { SecretMaterial } from '../contract/secret-material';

/** A key pair as the secret holds it. */
export interface RotatedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: SecretMaterial;
  readonly accountId: string | undefined;
  /** When IAM created it; undefined in a value that a person stored. */
  readonly createdAt: Instant | undefined;
}

/**
 * The key in a stored text, or undefined if it is not a `credential_process` document. Never quotes the text. Written
 * by hand, because an application bundles it and a schema library would be most of the bundle.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function parseRotatedKey(text: SecretMaterial): RotatedKey | undefined {
  const document = parseObject(text.reveal());
  const accessKeyId = textIn(document, 'AccessKeyId');
  const secretAccessKey = textIn(document, 'SecretAccessKey');
  if (document?.['Version'] !== 1 || accessKeyId === undefined || secretAccessKey === undefined)
    return undefined;
  const createdAt = Date.parse(textIn(document, 'CreateDate') ?? '');
  return {
    accessKeyId,
    secretAccessKey: new SecretMaterial(secretAccessKey),
    accountId: textIn(document, 'AccountId'),
    createdAt: Number.isNaN(createdAt) ? undefined : createdAt,
  };
}

const textIn = (document: Record<string, unknown> | undefined, field: string): string | undefined => {
  const value = document?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** JSON.parse quotes its input in its errors, and the input is a secret: what does not parse is undefined. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
