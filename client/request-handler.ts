import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';

import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';

import { proxyFor } from './proxy-for';

type Limits = Pick<NodeHttpHandlerOptions, 'connectionTimeout' | 'requestTimeout' | 'throwOnRequestTimeout'>;
type Sent = Parameters<NodeHttpHandler['handle']>;

/** As many as the SDK's own agents open. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 50 };

/**
 * Sends requests as the AWS CLI does: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, trusting the
 * authorities in the file that AWS_CA_BUNDLE names in place of those of Node.js. What is on this machine is reached without a proxy.
 *
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 *
 * @throws Error where the file of AWS_CA_BUNDLE cannot be read
 */
export const createRequestHandler = (limits: Limits = {}): NodeHttpHandler => new EnvironmentHandler(limits);

class EnvironmentHandler extends NodeHttpHandler {
  readonly #limits: Limits;
  readonly #tls: { readonly ca?: string };
  readonly #proxied = new Map<string, NodeHttpHandler>();

  constructor(limits: Limits) {
    const tls = trustedAuthorities(process.env['AWS_CA_BUNDLE']);
    super({ ...limits, httpsAgent: new Agent({ ...AGENT_OPTIONS, ...tls }) });
    this.#limits = limits;
    this.#tls = tls;
  }

  override handle(...sent: Sent): ReturnType<NodeHttpHandler['handle']> {
    const proxy = proxyFor(sent[0]);
    return proxy === undefined ? super.handle(...sent) : this.#through(proxy).handle(...sent);
  }

  override destroy(): void {
    super.destroy();
    for (const handler of this.#proxied.values()) handler.destroy();
    this.#proxied.clear();
  }

  #through(proxy: string): NodeHttpHandler {
    const known = this.#proxied.get(proxy);
    if (known !== undefined) return known;
    const options = { ...AGENT_OPTIONS, ...this.#tls };
    const handler = new NodeHttpHandler({
      ...this.#limits,
      httpAgent: new HttpProxyAgent(proxy, options),
      httpsAgent: new TunnelAgent(proxy, options, this.#tls),
    });
    this.#proxied.set(proxy, handler);
    return handler;
  }
}

type Connect = HttpsProxyAgent<string>['connect'];

/** The agent itself trusts the given authorities in the proxy alone, not in what is reached through it. */
class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #tls: { readonly ca?: string };

  constructor(proxy: string, options: HttpsProxyAgentOptions<string>, tls: { readonly ca?: string }) {
    super(proxy, options);
    this.#tls = tls;
  }

  override connect(request: Parameters<Connect>[0], options: Parameters<Connect>[1]): ReturnType<Connect> {
    return super.connect(request, { ...options, ...this.#tls });
  }
}

function trustedAuthorities(file: string | undefined): { readonly ca?: string } {
  if (file === undefined || file === '') return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new Error(`AWS_CA_BUNDLE names ${file}, which cannot be read: ${String(error)}`, { cause: error });
  }
}
