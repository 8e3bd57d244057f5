import { createHmac } from 'node:crypto';

import { SecretMaterial } from '../../../contract/secret-material';

/*
 * AWS's algorithm, its constants in the order in which they are signed.
 * https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert
 */
const DATE = '11111111';
const SERVICE = 'ses';
const TERMINAL = 'aws4_request';
const MESSAGE = 'SendRawEmail';
const VERSION = 0x04;

/**
 * The password for SES's SMTP interface in one region; the user name is the access key's id. Whoever has it can send
 * mail in that region and nothing else, but it is as secret as the key.
 */
export function sesSmtpPassword(secretAccessKey: SecretMaterial, region: string): SecretMaterial {
  const signature = [DATE, region, SERVICE, TERMINAL, MESSAGE].reduce(
    (key, text) => createHmac('sha256', key).update(text, 'utf8').digest(),
    Buffer.from(`AWS4${secretAccessKey.reveal()}`, 'utf8'),
  );
  return new SecretMaterial(Buffer.concat([Buffer.from([VERSION]), signature]).toString('base64'));
}
