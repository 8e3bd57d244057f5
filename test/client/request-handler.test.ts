import { createRequestHandler } from '../../client/request-handler';
import { runCli, type Finished } from '../cli/sync/support/run-cli';
import { ADMIN } from '../sandbox/support/front-alone';
import { AWS_HOST, type CorporateNetwork, startCorporateNetwork } from './support/corporate-network';
import { type LocalServices, startLocalServices } from './support/local-services';

let services: LocalServices;
let network: CorporateNetwork;
beforeEach(async () => {
  services = await startLocalServices();
  network = await startCorporateNetwork(services.endpoint);
});
afterEach(async () => {
  network.stop();
  await services.stop();
});

/** Reads the secret in a process of its own, with these variables in its environment. */
const read = (env: Readonly<Record<string, string>>, endpoint = `https://${AWS_HOST}`): Promise<Finished> =>
  runCli(['credentials', '--secret-id', 'iam-key-rotation/app'], {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
    ...env,
  });

describe('Behind a proxy that opens TLS,', () => {
  it('the secret is read through HTTPS_PROXY, with the authority of AWS_CA_BUNDLE', async () => {
    const { id } = services.rotate();
    const { stdout, stderr } = await read({ HTTPS_PROXY: network.proxy, AWS_CA_BUNDLE: network.authority });
    expect([stderr, stdout]).toEqual(['', expect.stringContaining(id)]);
    expect(network.asked).toEqual([`CONNECT ${AWS_HOST}:443`]);
  });

  it('an authority in NODE_EXTRA_CA_CERTS is trusted, too, and one in no list is not', async () => {
    const { id } = services.rotate();
    const proxy = { HTTPS_PROXY: network.proxy };
    const [trusting, other] = await Promise.all([
      read({ ...proxy, NODE_EXTRA_CA_CERTS: network.authority }),
      read(proxy),
    ]);
    expect(trusting.stdout).toContain(id);
    expect(other).toMatchObject({ exitCode: 1, stdout: '' });
    expect(other.stderr).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('an endpoint without TLS is reached through HTTP_PROXY', async () => {
    const { id } = services.rotate();
    expect((await read({ HTTP_PROXY: network.proxy }, `http://${AWS_HOST}`)).stdout).toContain(id);
    expect(network.asked).toEqual([`POST http://${AWS_HOST}/`]);
  });

  it('no proxy is asked for a host in NO_PROXY', async () => {
    const { exitCode, stderr } = await read({ HTTPS_PROXY: network.proxy, NO_PROXY: '.amazonaws.test' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(network.asked).toEqual([]);
  });

  it('no proxy is asked for what is on this machine', async () => {
    const { id } = services.rotate();
    const env = { HTTPS_PROXY: network.proxy, HTTP_PROXY: network.proxy };
    expect((await read(env, services.endpoint)).stdout).toContain(id);
    expect(network.asked).toEqual([]);
  });

  it('a file of authorities that is not there is named', () => {
    process.env['AWS_CA_BUNDLE'] = '/nowhere/authorities.pem';
    try {
      expect(() => createRequestHandler()).toThrow(
        'AWS_CA_BUNDLE names /nowhere/authorities.pem, which cannot',
      );
    } finally {
      delete process.env['AWS_CA_BUNDLE'];
    }
  });
});
