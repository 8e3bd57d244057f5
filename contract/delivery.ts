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
  /** A service of ECS that reads its key when a task starts: its tasks are replaced, after all other targets have the key. */
  z.strictObject({
    kind: z.literal('restart'),
    /** ARN of the service, with its cluster. */
    ecsService: z.string().startsWith('arn:'),
  }),
]);

export type DeliveryTarget = z.output<typeof deliveryTargetSchema>;
export type SecretTarget = Extract<DeliveryTarget, { readonly kind: 'secret' }>;
export type ParameterTarget = Extract<DeliveryTarget, { readonly kind: 'parameter' }>;
export type RestartTarget = Extract<DeliveryTarget, { readonly kind: 'restart' }>;
/** What gets a key itself. */
export type WrittenTarget = Exclude<DeliveryTarget, RestartTarget>;

/** `secret payments/env`: what records and messages call a target. */
export function targetName(target: DeliveryTarget): string {
  switch (target.kind) {
    case 'secret':
      return `secret ${target.id}`;
    case 'parameter':
      return `parameter ${target.name}`;
    case 'restart':
      return `ECS service ${target.ecsService.split(':service/').at(-1)}`;
  }
}

/** What is delivered to a target: with other fields, or under another key, the same access key has to be delivered anew. */
export function targetShape(target: DeliveryTarget): string {
  switch (target.kind) {
    case 'secret':
      return JSON.stringify(Object.entries(target.fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    case 'parameter':
      return target.kmsKeyArn ?? '';
    case 'restart':
      return '';
  }
}
