import { map, text } from '../builders';
import { allowPrivate, parts, tokenKmsKeyArn, tokenSecret } from './parts';

/** https://docs.github.com/en/enterprise-cloud@latest/admin/concepts/identity-and-access-management/enterprise-managed-users */
const OWNER = '[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})';
const REPOSITORY = new RegExp(`^(?!.*/\\.{1,2}$)${OWNER}/[A-Za-z0-9._-]{1,100}$`);
const ORGANIZATION = new RegExp(`^${OWNER}$`);

/** In one line. https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments */
const ENVIRONMENT = /^\S(?:.{0,253}\S)?$/;

/** https://docs.github.com/en/actions/reference/security/secrets */
export const GITHUB_SECRET_NAME = /^(?![Gg][Ii][Tt][Hh][Uu][Bb]_)[A-Za-z_][A-Za-z0-9_]{0,254}$/;

/** Its root, without a slash at its end. */
const API_URL = /^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:\/[A-Za-z0-9._-]+)*$/;

export const githubActionsTarget = map(
  {
    repository: text(REPOSITORY, {
      description: 'The repository whose secrets are set.',
      absent: 'there is an `organization`',
      rule: 'a repository is named by its owner and its name: owner/name',
      example: 'acme/payments',
      repair: (found) => found.replace(/^(https:\/\/)?[a-z.]+\.[a-z]+\//i, '').replace(/\.git$/, ''),
    }).optional(),
    environment: text(ENVIRONMENT, {
      description: 'The environment of the repository whose secrets are set. It is there already.',
      absent: 'the secrets are those of the repository',
      onlyIf: {
        key: 'repository',
        isMet: (value) => value !== undefined,
        rule: (name) => `${name} is one of a repository, and there is none`,
        write: () => 'repository: acme/payments',
      },
      rule: 'an environment is named by a text of 1 to 255 characters in one line, without blanks at its ends',
      example: 'production',
    }).optional(),
    organization: text(ORGANIZATION, {
      description:
        'The organization whose secrets are set. Which repositories see a secret stays as it is; one that is not there yet becomes `private`: all private and internal repositories see it.',
      absent: 'there is a `repository`',
      rule: 'an organization is named as in its URL at GitHub',
      example: 'acme',
    }).optional(),
    secrets: parts({
      description:
        'The secrets of GitHub Actions that are set, or made where they are not there. `Smtp…` only with `sesSmtp`.',
      of: 'parts of the key pair, by the names that the secrets have',
      keys: GITHUB_SECRET_NAME,
    }),
    tokenSecret: tokenSecret(
      'Name or ARN of the secret that holds the token: as plain text, as `{"token": "…"}`, or a GitHub App as `{"appId": "…", "installationId": "…", "privateKey": "…"}`.',
    ),
    kmsKeyArn: tokenKmsKeyArn().optional(),
    apiUrl: text(API_URL, {
      description: "The API of a GitHub Enterprise Server, or of a tenant's own domain.",
      absent: 'https://api.github.com',
      rule: 'the API of GitHub is an https address without user, query and slash at its end',
      example: 'https://ghe.example.com/api/v3',
      repair: (found) => found.replace(/^http:/, 'https:').replace(/(?<!\/)\/+$/, ''),
    }).optional(),
    allowPrivate: allowPrivate.optional(),
  },
  {
    description:
      'Secrets of GitHub Actions: of a repository, of one of its environments, or of an organization.',
    absent: 'the target is another one',
    example:
      '{ repository: acme/payments, secrets: { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }, tokenSecret: ci/token }',
  },
);
