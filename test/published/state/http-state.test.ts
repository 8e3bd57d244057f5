import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, TerraformOutput, TerraformStack } from 'cdktf';

import { addBackend } from '../../../modules/terraform/backend';
import { terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

/** A state behind an address, as GitLab keeps it: with a lock, and for those alone who know the password. */
class StateServer {
  readonly password = randomBytes(12).toString('hex');
  readonly requests: string[] = [];
  state = '';
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const expected = `Basic ${Buffer.from(`ci:${this.password}`).toString('base64')}`;
      if (headers.authorization !== expected) {
        response.writeHead(401).end();
        return;
      }
      const path = url.split('?')[0] ?? '';
      this.requests.push(`${method} ${path}`);
      if (method === 'POST' && path === '/state/production') this.state = Buffer.concat(chunks).toString();
      if (method === 'GET' && this.state === '') response.writeHead(404).end();
      else response.writeHead(200).end(method === 'GET' ? this.state : '');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/state/production`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

describeWithTools('a state behind an HTTP address', () => {
  const server = new StateServer();
  let folder: string;

  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'http-state-'))));
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('is locked, written and unlocked, with credentials that are in Terraform’s environment alone', async () => {
    const address = await server.start();
    const lockAddress = `${address}/lock`;
    const app = new App({ outdir: folder });
    const stack = new TerraformStack(app, 'production');
    addBackend(stack, {
      kind: 'http',
      address,
      updateMethod: 'POST',
      lock: { address: lockAddress, method: 'POST', unlockAddress: lockAddress, unlockMethod: 'DELETE' },
    });
    new TerraformOutput(stack, 'greeting', { value: 'hello', staticId: true });
    app.synth();
    const directory = join(folder, 'stacks/production');
    expect(readFileSync(join(directory, 'cdk.tf.json'), 'utf8')).not.toMatch(/username|password/);
    const env = { TF_HTTP_USERNAME: 'ci', TF_HTTP_PASSWORD: server.password };

    await terraform(directory, { env }).init();
    await terraform(directory, { env }).apply();

    expect(JSON.parse(server.state)).toMatchObject({ outputs: { greeting: { value: 'hello' } } });
    expect(server.requests).toContain('POST /state/production/lock');
    expect(server.requests.at(-1)).toBe('DELETE /state/production/lock');
    const withoutPassword = await terraform(directory, { env: { TF_HTTP_USERNAME: 'ci' } }).run('plan');
    expect(withoutPassword.exitCode).not.toBe(0);
  });
});
