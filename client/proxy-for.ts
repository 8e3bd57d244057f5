import type { HttpRequest } from '@smithy/types';

type Destination = Pick<HttpRequest, 'protocol' | 'hostname' | 'port'>;

const THIS_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/**
 * The proxy for a request, as the AWS CLI chooses it: `https_proxy` or `http_proxy` by the protocol, and none for hosts that
 * `no_proxy` names, with what is below them. A name in lower case goes before the same in capitals. What is on this machine
 * is reached without a proxy.
 *
 * Not by a library: those for Node.js also read npm's settings and ALL_PROXY, and match `no_proxy` without subdomains, so
 * that calls would take another way than those of the AWS CLI beside them.
 * https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies
 */
export function proxyFor(
  { protocol, hostname, port }: Destination,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): string | undefined {
  const either = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  const proxy = either(protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === '' || THIS_MACHINE.test(hostname)) return undefined;
  const host = hostname.toLowerCase();
  const names = port === undefined ? [host] : [host, `${host}:${port}`];
  const isDirect = either('no_proxy')
    .split(',')
    .map((entry) => entry.trim().toLowerCase().replace(/^\./, ''))
    .some(
      (entry) => entry === '*' || (entry !== '' && names.some((name) => `.${name}`.endsWith(`.${entry}`))),
    );
  if (isDirect) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
