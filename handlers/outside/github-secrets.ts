import * as z from 'zod/mini';

import { GITHUB_API, type GithubActionsTarget } from '../../contract/delivery';
import { MINUTE, type Milliseconds } from '../../contract/instant';
import { SecretMaterial } from '../../contract/secret-material';
import type { GithubPlace, GithubSecrets, GithubVisibility } from '../core/delivery/delivery-ports';
import type { Token } from '../core/delivery/read-token';
import { TargetRefusedError } from '../core/delivery/target-refused-error';
import { CallRefusedError, CallUnansweredError, type CallName } from '../core/model/call-errors';
import { callOutside } from './call-outside';
import { appToken, type GithubApp } from './github-app';
import type { GuardedHttps } from './guarded-https';
import { seal } from './seal';
import { someText } from '../../contract/schema-parts';

/** A page of repositories has some 6 kB for each. */
const LONGEST_ANSWER = 1024 * 1024;
const REPOSITORIES_PER_PAGE = 100;
const MOST_PAGES = 10;

/** All questions together: a server that answers each of them just in time must not hold up the other users. */
const LONGEST_OPENING = MINUTE;

const publicKeyAnswer = z.object({
  key_id: someText,
  key: z.string().check(z.refine(isPublicKey)),
});
const installationAnswer = z.object({ token: someText });
const secretAnswer = z.object({ visibility: z.enum(['all', 'private', 'selected']) });
const repositoriesAnswer = z.object({
  total_count: z.int().check(z.nonnegative()),
  repositories: z.array(z.object({ id: z.int() })),
});

/** Who asks, and where. */
interface Access {
  readonly target: GithubActionsTarget;
  readonly token: SecretMaterial;
  /** No question is asked after it, on the clock of `performance`. @default ever */
  readonly until?: Milliseconds;
}

/**
 * Secrets of GitHub Actions, which are encrypted before they are sent.
 * https://docs.github.com/en/rest/actions/secrets
 */
export class GithubActionsSecrets implements GithubSecrets {
  /** @param now in milliseconds since 1970 */
  constructor(
    private readonly client: GuardedHttps,
    private readonly now: () => number = Date.now,
  ) {}

  async open(target: GithubActionsTarget, credential: Token): Promise<GithubPlace> {
    const until = performance.now() + LONGEST_OPENING;
    const token =
      credential.kind === 'text' ? credential.text : await this.#installationToken(target, credential, until);
    const access = { target, token, until };
    const answer = await this.#ask(access, `${pathOf(target)}/public-key`, publicKeyAnswer);
    const visibilities: Record<string, GithubVisibility> = {};
    if (target.organization !== undefined) {
      for (const name of Object.keys(target.secrets)) {
        visibilities[name] = await this.#visibilityOf(access, name);
      }
    }
    return { token, keyId: answer.key_id, publicKey: answer.key, visibilities };
  }

  async put(
    target: GithubActionsTarget,
    { token, keyId, publicKey, visibilities }: GithubPlace,
    name: string,
    text: SecretMaterial,
  ): Promise<void> {
    const { visibility, repositoryIds } = visibilities[name] ?? {};
    const sealed = seal(text.reveal(), Buffer.from(publicKey, 'base64'));
    await this.#call(
      { target, token },
      {
        method: 'PUT',
        path: `${pathOf(target)}/${encodeURIComponent(name)}`,
        body: {
          encrypted_value: Buffer.from(sealed).toString('base64'),
          key_id: keyId,
          visibility,
          selected_repository_ids: repositoryIds,
        },
      },
    );
  }

  /** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
  async #installationToken(
    target: GithubActionsTarget,
    app: GithubApp,
    until: Milliseconds,
  ): Promise<SecretMaterial> {
    const path = `/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`;
    const token = new SecretMaterial(appToken(app, this.now()));
    const answer = await this.#call({ target, token, until }, { method: 'POST', path });
    return new SecretMaterial(parse(answer.body, installationAnswer, answer.call).token);
  }

  /** GitHub wants it with every write, and takes what is not said again away. */
  async #visibilityOf(access: Access, name: string): Promise<GithubVisibility> {
    const path = `${pathOf(access.target)}/${encodeURIComponent(name)}`;
    try {
      const { visibility } = await this.#ask(access, path, secretAnswer);
      if (visibility !== 'selected') return { visibility };
    } catch (error) {
      // There is none yet.
      if (error instanceof CallRefusedError && error.kind === 'notFound') return { visibility: 'private' };
      throw error;
    }
    const ids: number[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = `per_page=${REPOSITORIES_PER_PAGE}&page=${page}`;
      const { total_count, repositories } = await this.#ask(
        access,
        `${path}/repositories?${query}`,
        repositoriesAnswer,
      );
      ids.push(...repositories.map(({ id }) => id));
      if (ids.length >= total_count) return { visibility: 'selected', repositoryIds: ids };
    }
    throw new TargetRefusedError(
      `GitHub secret ${name} is visible to more repositories than the ${MOST_PAGES * REPOSITORIES_PER_PAGE} that can be said again with a write, or their list does not come to its end.`,
      'Nothing was written. Make it visible to all repositories, or use secrets of repositories.',
    );
  }

  async #ask<Answer>(access: Access, path: string, schema: z.ZodMiniType<Answer>): Promise<Answer> {
    const { body, call } = await this.#call(access, { method: 'GET', path });
    return parse(body, schema, call);
  }

  async #call(
    { target, token, until = Infinity }: Access,
    { method, path, body }: { readonly method: string; readonly path: string; readonly body?: object },
  ): Promise<{ readonly body: string; readonly call: CallName }> {
    const { apiUrl = GITHUB_API, allowPrivate } = target;
    const call: CallName = { service: 'GitHub', action: `${method} ${path}` };
    if (performance.now() > until) {
      throw new CallUnansweredError(call, 'TimeoutError', 'the questions before it took too long');
    }
    const answer = await callOutside(this.client, {
      ...{ call, method, allowPrivate, longestAnswer: LONGEST_ANSWER },
      url: `${apiUrl}${path}`,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${headerText(token)}`,
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { body: answer.body, call };
  }
}

function isPublicKey(key: string): boolean {
  try {
    return seal('', Buffer.from(key, 'base64')).length > 0;
  } catch {
    return false;
  }
}

/** Where the secrets are, in the API. */
function pathOf({ repository = '', environment, organization }: GithubActionsTarget): string {
  if (organization !== undefined) return `/orgs/${encodeURIComponent(organization)}/actions/secrets`;
  const inRepository = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  return environment === undefined
    ? `${inRepository}/actions/secrets`
    : `${inRepository}/environments/${encodeURIComponent(environment)}/secrets`;
}

/** A line break in it would end the header, and Node.js says so in an error that has the token in it. */
function headerText(token: SecretMaterial): string {
  const text = token.reveal();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new TargetRefusedError(
    'The token for GitHub has a character that no token has, such as a blank or a line break.',
    'Nothing was sent. Store the token alone in its secret.',
  );
}

/** What the answer holds is told to nobody. */
function parse<Answer>(text: string, schema: z.ZodMiniType<Answer>, call: CallName): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // It is judged below, as what does not fit.
  }
  const { data } = schema.safeParse(value);
  if (data !== undefined) return data;
  throw new CallUnansweredError(call, 'IncompleteAnswer', 'the answer is not what GitHub documents');
}
