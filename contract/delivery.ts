import * as z from 'zod';

/** What a secret of ours holds and a field of a target can be made of. `Smtp…`: with `sesSmtp` alone. */
export const VALUE_FIELDS = [
  'AccessKeyId',
  'SecretAccessKey',
  'UserName',
  'AccountId',
  'CreateDate',
  'SmtpUserName',
  'SmtpPassword',
  'SmtpRegion',
] as const;

/**
 * A place outside the user's own secret that gets every new key. It is the same target for as long as its kind and its
 * name stay.
 */
export const deliveryTargetSchema = z.discriminatedUnion('kind', [
  /** Fields of the JSON object in another secret of the same account and region; its other fields stay as they are. */
  z.strictObject({
    kind: z.literal('secret'),
    /** Name or ARN. */
    id: z.string().min(1),
    /** The name of the field there, and what it gets. */
    fields: z.record(z.string().min(1), z.enum(VALUE_FIELDS)),
  }),
  /** An SSM parameter, a SecureString with the whole document. */
  z.strictObject({
    kind: z.literal('parameter'),
    name: z.string().startsWith('/'),
    /** Absent: the account's own key `alias/aws/ssm`. */
    kmsKeyArn: z.string().startsWith('arn:').optional(),
  }),
]);

export type DeliveryTarget = z.output<typeof deliveryTargetSchema>;
export type SecretTarget = Extract<DeliveryTarget, { readonly kind: 'secret' }>;
export type ParameterTarget = Extract<DeliveryTarget, { readonly kind: 'parameter' }>;

/** `secret payments/env`: what records and messages call a target. */
export const targetName = (target: DeliveryTarget): string =>
  target.kind === 'secret' ? `secret ${target.id}` : `parameter ${target.name}`;

/** What is delivered to a target: with other fields, or under another key, the same access key has to be delivered anew. */
export const targetShape = (target: DeliveryTarget): string =>
  target.kind === 'secret'
    ? JSON.stringify(Object.entries(target.fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : (target.kmsKeyArn ?? '');
