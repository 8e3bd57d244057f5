import { proxyFor } from '../../client/proxy-for';

const PROXY = 'http://proxy.example.com:3128';
const AWS = { protocol: 'https:', hostname: 'secretsmanager.eu-west-1.amazonaws.com' };

it.each<[string, NodeJS.ProcessEnv]>([
  ['https_proxy', { https_proxy: PROXY, HTTPS_PROXY: 'http://other' }],
  ['HTTPS_PROXY', { HTTPS_PROXY: PROXY }],
  ['an address without its protocol', { HTTPS_PROXY: 'proxy.example.com:3128' }],
  ['NO_PROXY with other hosts', { HTTPS_PROXY: PROXY, NO_PROXY: 'example.com, xamazonaws.com,:443' }],
])('a request to AWS goes through the proxy of %s', (_, environment) => {
  expect(proxyFor(AWS, environment)).toBe(PROXY);
});

it.each<[string, NodeJS.ProcessEnv]>([
  ['no proxy is named', {}],
  ['a proxy for http alone is named', { HTTP_PROXY: PROXY }],
  ['npm or other programs have one', { npm_config_https_proxy: PROXY, ALL_PROXY: 'socks5://127.0.0.1:1080' }],
  ['https_proxy is empty', { https_proxy: '', HTTPS_PROXY: PROXY }],
  ['NO_PROXY names a domain above', { HTTPS_PROXY: PROXY, NO_PROXY: 'amazonaws.com' }],
  ['NO_PROXY names it with a dot', { HTTPS_PROXY: PROXY, no_proxy: 'x, .AmazonAWS.com' }],
  ['NO_PROXY is a star', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }],
])('a request to AWS goes directly where %s', (_, environment) => {
  expect(proxyFor(AWS, environment)).toBeUndefined();
});

it('a port in NO_PROXY is that of the request', () => {
  const environment = { HTTP_PROXY: PROXY, NO_PROXY: 'aws.test:8080' };

  expect(proxyFor({ protocol: 'http:', hostname: 'aws.test', port: 8080 }, environment)).toBeUndefined();
  expect(proxyFor({ protocol: 'http:', hostname: 'aws.test', port: 8081 }, environment)).toBe(PROXY);
});

it.each(['localhost', '127.0.0.1', '::1', '[::1]'])('%s is reached without a proxy', (hostname) => {
  expect(proxyFor({ protocol: 'http:', hostname }, { HTTP_PROXY: PROXY })).toBeUndefined();
});
