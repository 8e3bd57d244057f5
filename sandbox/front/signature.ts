import { timingSafeEqual } from 'node:crypto';

import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

import type { ApiCall } from './api-call';

export interface Signature {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/[^,]+,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/;

/** What the Authorization header claims; undefined where there is none of version 4. */
export function claimedSignature(call: ApiCall): Signature | undefined {
  const [, accessKeyId, signedHeaders, signature] =
    AUTHORIZATION.exec(call.headers['authorization'] ?? '') ?? [];
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return { accessKeyId, signedHeaders: signedHeaders.split(';'), signature };
}

/** Signs the request once more with the secret that the key should have, and compares. */
export async function isSignedWith(
  call: ApiCall,
  claim: Signature,
  secret: { readonly secretAccessKey: string; readonly sessionToken?: string },
): Promise<boolean> {
  const date = signingDate(call.headers['x-amz-date']);
  if (!date) return false;
  const signer = new SignatureV4({
    service: call.service,
    region: call.region,
    sha256: Sha256,
    credentials: { accessKeyId: claim.accessKeyId, ...secret },
    applyChecksum: false,
    // S3 alone signs the path as it is. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    uriEscapePath: call.service !== 's3',
  });
  const names = claim.signedHeaders.filter((name) => name in call.headers);
  const signed = await signer.sign(
    {
      method: call.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: call.path,
      query: queryOf(call.query),
      headers: Object.fromEntries(names.map((name) => [name, call.headers[name] ?? ''])),
      body: call.body,
    },
    { signingDate: date, signableHeaders: new Set(names) },
  );
  const expected = Buffer.from(
    /Signature=([0-9a-f]+)/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '',
  );
  const given = Buffer.from(claim.signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function queryOf(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** 20261123T191500Z */
function signingDate(text: string | undefined): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  return second === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
