import * as z from 'zod/mini';

import { someText } from './schema-parts';

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

export type ValueField = (typeof VALUE_FIELDS)[number];

/** The API of github.com, for a target that names no other. */
export const GITHUB_API = 'https://api.github.com';

/** Of an HTTPS target: those that may be sent twice. POST only where a person says that this one may, too. */
export const HTTPS_METHODS = ['PUT', 'PATCH', 'POST'] as const;

/**
 * A place outside the user's own secret that gets every new key. It is the same target for as long as its kind and its
 * name stay.
 */
export const deliveryTargetSchema = z.discriminatedUnion('kind', [
  /** Fields of the JSON object in another secret of the same account and region; its other fields stay as they are. */
  z.strictObject({
    kind: z.literal('secret'),
    /** Name or ARN. */
    id: someText,
    /** The name of the field there, and what it gets. */
    fields: z.record(someText, z.enum(VALUE_FIELDS)),
  }),
  /** An SSM parameter, a SecureString with the whole document. */
  z.strictObject({
    kind: z.literal('parameter'),
    name: z.string().check(z.startsWith('/')),
    /** Absent: the account's own key `alias/aws/ssm`. */
    kmsKeyArn: z.optional(z.string().check(z.startsWith('arn:'))),
  }),
  /** A service of ECS that reads its key when a task starts: its tasks are replaced, after all other targets have the key. */
  z.strictObject({
    kind: z.literal('restart'),
    /** ARN of the service, with its cluster. */
    ecsService: z.string().check(z.startsWith('arn:')),
  }),
  /** Secrets of GitHub Actions: of a repository, of one of its environments, or of an organization. */
  z.strictObject({
    kind: z.literal('githubActions'),
    /** `owner/name`. Absent: there is an organization. */
    repository: z.optional(someText),
    environment: z.optional(someText),
    organization: z.optional(someText),
    /** The name of the secret there, and what it gets. */
    secrets: z.record(someText, z.enum(VALUE_FIELDS)),
    /** Name or ARN of the secret that holds the token. */
    tokenSecret: someText,
    /** Absent: GITHUB_API. */
    apiUrl: z.optional(z.string().check(z.startsWith('https://'))),
    allowPrivate: z.optional(z.array(someText)),
  }),
  /** One request to one address. Placeholders are in the values of the headers and in the body alone. */
  z.strictObject({
    kind: z.literal('https'),
    url: z.string().check(z.startsWith('https://')),
    method: z.enum(HTTPS_METHODS),
    /** Texts with placeholders, by the names of the headers. */
    headers: z.optional(z.record(someText, someText)),
    /** `json`: a JSON document, with placeholders in its texts. */
    body: z.strictObject({ format: z.enum(['json', 'text']), template: someText }),
    tokenSecret: z.optional(someText),
    /** Hosts and addresses that need not be public. */
    allowPrivate: z.optional(z.array(someText)),
  }),
]);

export type DeliveryTarget = z.output<typeof deliveryTargetSchema>;
export type SecretTarget = Extract<DeliveryTarget, { readonly kind: 'secret' }>;
export type ParameterTarget = Extract<DeliveryTarget, { readonly kind: 'parameter' }>;
export type RestartTarget = Extract<DeliveryTarget, { readonly kind: 'restart' }>;
/** What gets a key itself. */
export type WrittenTarget = Exclude<DeliveryTarget, RestartTarget>;

export const isWritten = (target: DeliveryTarget): target is WrittenTarget => target.kind !== 'restart';

export type GithubActionsTarget = Extract<DeliveryTarget, { readonly kind: 'githubActions' }>;
export type HttpsTarget = Extract<DeliveryTarget, { readonly kind: 'https' }>;

/** `secret payments/env`: what records and messages call a target. */
export function targetName(target: DeliveryTarget): string {
  switch (target.kind) {
    case 'secret':
      return `secret ${target.id}`;
    case 'parameter':
      return `parameter ${target.name}`;
    case 'restart':
      return `ECS service ${target.ecsService.split(':service/').at(-1)}`;
    case 'githubActions':
      return `GitHub secrets of ${githubPlace(target)}`;
    case 'https':
      return `address ${target.url}`;
  }
}

function githubPlace({ repository, environment, organization, apiUrl }: GithubActionsTarget): string {
  const owner = repository ?? `organization ${organization ?? ''}`;
  const part = environment === undefined ? '' : `, environment ${environment}`;
  return `${owner}${part}${apiUrl === undefined ? '' : ` at ${apiUrl}`}`;
}

/** What is delivered to a target: with other fields, or under another key, the same access key has to be delivered anew. */
export function targetShape(target: DeliveryTarget): string {
  switch (target.kind) {
    case 'secret':
      return JSON.stringify(byName(target.fields));
    case 'parameter':
      return target.kmsKeyArn ?? '';
    case 'restart':
      return '';
    case 'githubActions':
      return JSON.stringify(byName(target.secrets));
    case 'https':
      return JSON.stringify([
        target.method,
        byName(target.headers ?? {}),
        target.body.format,
        target.body.template,
      ]);
  }
}

/** The order in which the file has them says nothing. */
const byName = (entries: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1));
