import sodium from 'libsodium-wrappers';

import type { Answer, Received } from './tls-server';
import { json, status } from './tls-server';

export interface OrganizationSecret {
  readonly visibility: string;
  readonly repositoryIds?: readonly number[];
}

/** What api.github.com does with secrets of Actions. https://docs.github.com/en/rest/actions/secrets */
export class Github {
  /** As a workflow would read them, by path. */
  readonly secrets = new Map<string, string>();
  /** What was said with the last write of a secret, by path. */
  readonly bodies = new Map<string, Readonly<Record<string, unknown>>>();
  /** By name. */
  readonly ofOrganization = new Map<string, OrganizationSecret>();
  /** Installation tokens that it gave. */
  readonly given: string[] = [];
  readonly #keys: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array };
  readonly #answers: { readonly to: RegExp; readonly answer: Answer }[] = [];

  private constructor() {
    this.#keys = sodium.crypto_box_keypair();
  }

  static async open(): Promise<Github> {
    await sodium.ready;
    return new Github();
  }

  /** Answers so to a method and path, in place of what GitHub would. */
  insteadOf(to: RegExp, answer: Answer): void {
    this.#answers.unshift({ to, answer });
  }

  readonly answer: Answer = (response, received, request) => {
    const { method, path } = received;
    const given = this.#answers.find(({ to }) => to.test(`${method} ${path}`))?.answer;
    (given ?? this.#usual(received))(response, received, request);
  };

  #usual({ method, path, body }: Received): Answer {
    const [, secret = ''] = /\/secrets\/([^/?]+)/.exec(path) ?? [];
    if (method === 'POST' && path.endsWith('/access_tokens')) {
      const token = `ghs_${this.given.length}EXAMPLE`;
      this.given.push(token);
      return json(201, { token, expires_at: '2026-11-29T13:00:00Z' });
    }
    if (method === 'GET' && secret === 'public-key') {
      return json(200, {
        key_id: '568250167242549743',
        key: Buffer.from(this.#keys.publicKey).toString('base64'),
      });
    }
    if (method === 'PUT') return this.#write(path, JSON.parse(body) as Readonly<Record<string, unknown>>);
    const found = this.ofOrganization.get(secret);
    if (method !== 'GET' || found === undefined) return json(404, { message: 'Not Found' });
    if (!path.includes('/repositories')) return json(200, { name: secret, visibility: found.visibility });
    const { repositoryIds = [] } = found;
    const query = new URL(path, 'https://x').searchParams;
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    const repositories = repositoryIds
      .slice((page - 1) * size, page * size)
      .map((id) => ({ id, name: `r${id}` }));
    return json(200, { total_count: repositoryIds.length, repositories });
  }

  #write(path: string, body: Readonly<Record<string, unknown>>): Answer {
    const sealed = Buffer.from(String(body['encrypted_value']), 'base64');
    const { publicKey, privateKey } = this.#keys;
    this.secrets.set(path, sodium.to_string(sodium.crypto_box_seal_open(sealed, publicKey, privateKey)));
    this.bodies.set(path, body);
    return status(this.secrets.has(path) ? 204 : 201);
  }
}
