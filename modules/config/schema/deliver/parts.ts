import { VALUE_FIELDS } from '../../../../contract/delivery';
import { kmsKeyArn } from '../aws-keys';
import { choice, list, mapOf, text } from '../builders';
import type { Condition } from '../description';

/**
 * A secret's name or ARN: a name has no colon.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
const SECRET_ID =
  /^[A-Za-z0-9/_+=.@-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

export const secretId = (about: {
  readonly description: string;
  readonly absent?: string;
  readonly example: string;
}) => text(SECRET_ID, { ...about, rule: 'a secret is named by its name, or by its whole ARN' });

export const MOST_FIELDS = 20;

/** Parts of the key pair, by names that a person gives them. */
export const parts = (about: { readonly description: string; readonly of: string; readonly keys: RegExp }) =>
  mapOf(choice(VALUE_FIELDS, { description: 'The part of the new key pair that goes there.' }), {
    ...about,
    description: `${about.description} The parts are ${VALUE_FIELDS.map((field) => `\`${field}\``).join(', ')}.`,
    max: MOST_FIELDS,
    example: '{ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }',
  });

export const tokenSecret = (description: string, absent?: string) =>
  secretId({
    description: `${description} It is in the account and region of the stack, and is read at each delivery.`,
    ...(absent === undefined ? {} : { absent }),
    example: 'ci/token',
  });

export const tokenKmsKeyArn = (onlyIf?: Condition) =>
  kmsKeyArn({
    description: 'The customer key that encrypts `tokenSecret`, so that the delivery function may use it.',
    absent: "the account's `aws/secretsmanager` key",
    sameRegion: 'stack',
    ...(onlyIf === undefined ? {} : { onlyIf }),
  });

/** A host's name, or an address. */
const HOST_OR_ADDRESS =
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,44}$/;

export const allowPrivate = list(
  text(HOST_OR_ADDRESS, {
    description: 'A host or an address.',
    rule: 'what may be private is the name of a host, or an address without brackets, and no port',
    example: 'gitlab.internal.example.com',
  }),
  {
    description:
      'The host of the target, where its addresses are private (RFC 1918, carrier-grade NAT, unique local); or single addresses, also those of loopback and link-local.',
    absent: 'only public addresses are connected to',
    of: 'hosts and addresses',
    min: 1,
    max: 10,
    unique: true,
    example: '[gitlab.internal.example.com]',
  },
);
