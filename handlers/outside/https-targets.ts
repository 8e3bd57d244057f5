import type { HttpsRequest, HttpsTargets } from '../core/delivery/delivery-ports';
import { callOutside } from './call-outside';
import type { GuardedHttps } from './guarded-https';

/** Addresses of other systems, each of which gets one request. */
export class GuardedHttpsTargets implements HttpsTargets {
  constructor(private readonly client: GuardedHttps) {}

  async send({ url, method, headers, body, allowPrivate }: HttpsRequest): Promise<void> {
    const host = URL.canParse(url) ? new URL(url).host : url;
    await callOutside(this.client, {
      call: { service: 'HTTPS', action: `${method} to ${host}` },
      ...{ url, method, allowPrivate },
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      body: body.reveal(),
    });
  }
}
