import * as z from 'zod';

import { described } from './description';

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
/** No numbers: YAML would make another text of some, such as an account's id that begins with 0. */
const conditionValue = z.union([z.string(), z.boolean()]);

const statement = z
  .strictObject({
    Sid: z
      .string()
      .regex(/^[A-Za-z0-9]*$/)
      .optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z
      .record(z.string(), z.record(z.string(), z.union([conditionValue, z.array(conditionValue).min(1)])))
      .optional(),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined))
  .refine(({ Resource, NotResource }) => (Resource === undefined) !== (NotResource === undefined));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, without what a user's policy cannot have. */
const document = z
  .strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
    Id: z.string().min(1).optional(),
    Statement: z.union([statement, z.array(statement).min(1)]),
  })
  .refine(({ Statement }) => {
    const sids = [Statement].flat().flatMap(({ Sid }) => Sid ?? []);
    return new Set(sids).size === sids.length;
  });

/** A policy document. As one value, because the words in it are AWS's, and not keys of this file. */
export const inlinePolicy = described(
  z
    .unknown()
    .refine((value) => document.safeParse(value).success)
    .meta({ type: 'object', required: ['Statement'] }),
  {
    description: 'A policy document of IAM.',
    type: 'Policy document',
    rule: () =>
      'an inline policy is a policy document as IAM has it: Statement, each with Effect, Action or NotAction, Resource or NotResource, and no Principal; it may have Sid (letters and digits, each once) and Condition, with numbers in quotes',
    write: () =>
      "{ Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }] }",
  },
);

/**
 * A document as IAM is sent it. Without a version it has the newer one: in the older, which IAM would take, policy
 * variables are plain texts.
 *
 * @param value - what the schema has accepted
 */
export function policyText(value: unknown): string {
  const { Version = '2012-10-17', ...rest } = document.parse(value);
  // YAML reads `true` where a condition has the text "true".
  const text = JSON.stringify({ Version, ...rest }, (_, inner: unknown) =>
    typeof inner === 'boolean' ? String(inner) : inner,
  );
  // IAM takes nothing above U+00FF: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
  return text.replaceAll(
    /[\u0100-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
