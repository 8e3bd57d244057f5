import * as z from 'zod/mini';

import { SecretMaterial } from './secret-material';
import { someText } from './schema-parts';

/** Secrets Manager's four steps. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

const secretArn = z.string().check(z.startsWith('arn:'));

/** What Secrets Manager sends. The token is 32 to 64 characters and need not be a UUID. */
const rotationEvent = z.object({
  Step: z.enum(ROTATION_STEPS),
  SecretId: secretArn,
  ClientRequestToken: z.string().check(z.minLength(32), z.maxLength(64)),
  RotationToken: z.pipe(
    z.nullish(z.string()),
    z.transform((text) => (typeof text === 'string' ? new SecretMaterial(text) : undefined)),
  ),
});

/** What Terraform sends once per IAM user. Frozen for ever: another input would run it again. */
const firstKeyEvent = z.object({
  Step: z.literal('firstKey'),
  SecretId: secretArn,
  UserId: someText,
});

/**
 * What Terraform sends whenever the guard of a user is created, updated or destroyed. `tf.action` is added by
 * the provider (lifecycle_scope CRUD); on `delete` the rest is the input as it was applied last.
 */
const guardRemovalEvent = z.object({
  Step: z.literal('guardRemoval'),
  SecretId: secretArn,
  /**
   * `onRecord` once `decommission: true` (or the stack's `protection: off`) is in the configuration. Terraform takes a call
   * that failed for made, so it is the function's own record of the call that decides. `true`: from a version before that.
   */
  Announced: z.union([z.boolean(), z.literal('onRecord')]),
  tf: z.object({ action: z.enum(['create', 'update', 'delete']) }),
});

/**
 * What the responder sends when AWS reports a leak, and a person who has nothing but the AWS CLI at hand. AWS may name the
 * user alone: then every key that the user had at that moment may be the one.
 */
const replaceLeakedKeyEvent = z.object({
  Step: z.literal('replaceLeakedKey'),
  SecretId: secretArn,
  LeakedKeyId: z.optional(z.string().check(z.regex(/^A[A-Z0-9]{15,127}$/))),
  /** When AWS saw it: what was made later did not leak then. @default now */
  ReportedAt: z.optional(z.iso.datetime({ offset: true })),
  /** Nobody has the key: it is a drill, and messages say so. */
  Drill: z.optional(z.literal(true)),
});

export const functionEventSchema = z.discriminatedUnion('Step', [
  rotationEvent,
  firstKeyEvent,
  guardRemovalEvent,
  replaceLeakedKeyEvent,
]);

export type RotationEvent = z.output<typeof rotationEvent>;
export type FirstKeyEvent = z.output<typeof firstKeyEvent>;
export type GuardRemovalEvent = z.output<typeof guardRemovalEvent>;
export type ReplaceLeakedKeyEvent = z.output<typeof replaceLeakedKeyEvent>;
export type FunctionEvent = z.output<typeof functionEventSchema>;

/** Inputs as the Terraform side writes them. */
export type FirstKeyInput = z.input<typeof firstKeyEvent>;
export type ReplaceLeakedKeyInput = z.input<typeof replaceLeakedKeyEvent>;
export type GuardRemovalInput = Omit<z.input<typeof guardRemovalEvent>, 'tf'>;
