import { kmsKeyArn } from '../aws-keys';
import { map } from '../builders';
import { parts, secretId } from './parts';

/** One line without blanks at its ends. */
export const FIELD_NAME = /^\S(.{0,126}\S)?$/;

export const secretTarget = map(
  {
    id: secretId({
      description: 'Name or ARN of the secret. It is there already, in the account and region of the stack.',
      example: 'payments/env',
    }),
    fields: parts({
      description:
        'The fields of the JSON object in the secret that are set; all others stay as they are, byte for byte. `Smtp…` only with `sesSmtp`.',
      of: 'parts of the key pair, by the names that the fields have',
      keys: FIELD_NAME,
    }),
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts that secret, so that the delivery function may use it.',
      absent: "the account's `aws/secretsmanager` key",
      sameRegion: 'stack',
    }).optional(),
  },
  {
    description: 'Another secret, in which fields of a JSON object are set.',
    absent: 'the target is another one',
    example: '{ id: payments/env, fields: { AWS_ACCESS_KEY_ID: AccessKeyId } }',
  },
);
