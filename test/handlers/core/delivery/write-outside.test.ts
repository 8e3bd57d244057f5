import { targetName, type DeliveryTarget } from '../../../../contract/delivery';
import { SecretMaterial } from '../../../../contract/secret-material';
import type { DeliveryPorts, OutsidePorts } from '../../../../handlers/core/delivery/delivery-ports';
import { deliverUser, type DeliveryOutcome } from '../../../../handlers/core/delivery/deliver-user';
import {
  CallRefusedError,
  CallUnansweredError,
  type CallName,
} from '../../../../handlers/core/model/call-errors';
import { processIn, RetirementWorld } from '../../../support/retirement-world';

const KEY = 'AKIAMMMMMMMM1EXAMPLE';
const GITHUB = {
  kind: 'githubActions',
  repository: 'acme/payments',
  secrets: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
  tokenSecret: 'ci/github-token',
} as const satisfies DeliveryTarget;
const HTTPS = {
  kind: 'https',
  url: 'https://ci.example.com/variables/1',
  method: 'PUT',
  headers: { 'Private-Token': '{token}' },
  body: { format: 'json', template: '{"value":"{AccessKeyId}"}' },
  tokenSecret: 'ci/other-token',
} as const satisfies DeliveryTarget;

const CALL: CallName = { service: 'GitHub', action: 'PUT secret' };
const refused = () => new CallRefusedError(CALL, 'invalid', '422', 'it does not fit');
const unanswered = () => new CallUnansweredError(CALL, '502', 'the status of the answer is 502');

/** A user with one target, and what is outside AWS. Everything answers, unless a test says otherwise. */
class OutsideWorld {
  readonly written: string[] = [];
  readonly tokens: Record<string, string | undefined> = {
    'ci/github-token': 'ghp',
    'ci/other-token': 'glpat',
  };

  constructor(
    readonly user: RetirementWorld,
    readonly target: DeliveryTarget,
  ) {}

  static async with(target: DeliveryTarget): Promise<OutsideWorld> {
    return new OutsideWorld(await RetirementWorld.withCurrentKey({ deliver: [target] }), target);
  }

  deliver(
    fails: { readonly open?: () => Error; readonly put?: (name: string) => Error | undefined } = {},
    change: Partial<DeliveryPorts> = {},
  ): Promise<DeliveryOutcome> {
    const { ports } = processIn(this.user);
    const write = async (name: string): Promise<void> => {
      const error = fails.put?.(name);
      if (error !== undefined) throw error;
      this.written.push(name);
    };
    const outside: OutsidePorts = {
      githubSecrets: {
        open: async (_target, token) => {
          if (fails.open !== undefined) throw fails.open();
          if (token.kind !== 'text') throw new Error('no app here');
          return { token: token.text, keyId: '1', publicKey: '', visibilities: {} };
        },
        put: (_target, { token }, name, text) =>
          write(`${name}=${text.reveal().slice(0, 4)} as ${token.reveal()}`),
      },
      httpsTargets: {
        send: ({ method, url, headers, body }) =>
          write(`${method} ${url} ${headers['private-token']!.reveal()} ${body.reveal()}`),
      },
    };
    const tokens: DeliveryPorts['tokens'] = {
      read: async (id) => {
        const text = this.tokens[id];
        return text === undefined ? undefined : new SecretMaterial(text);
      },
    };
    const all = { ...(ports as unknown as DeliveryPorts), ...outside, tokens, ...change };
    return deliverUser(all, this.user.retirement);
  }

  get record() {
    return this.user.aws.table
      .deliveries(this.user.settings.stableKey)
      ?.targets.find(({ target }) => target === targetName(this.target));
  }
}

test('each secret of GitHub gets its part of the key pair, with the token that is stored now', async () => {
  const world = await OutsideWorld.with(GITHUB);
  await expect(world.deliver()).resolves.toEqual({
    delivered: ['GitHub secrets of acme/payments'],
    pending: [],
    failed: [],
  });
  expect(world.written).toEqual([
    `AWS_ACCESS_KEY_ID=${KEY.slice(0, 4)} as ghp`,
    expect.stringMatching(/^AWS_SECRET_ACCESS_KEY=.{4} as ghp$/),
  ]);
  expect(world.record).toMatchObject({ delivered: { keyId: KEY }, announced: [] });
});

test('an address gets one request, with the token that is stored now', async () => {
  const world = await OutsideWorld.with(HTTPS);
  await expect(world.deliver()).resolves.toEqual({
    delivered: [`address ${HTTPS.url}`],
    pending: [],
    failed: [],
  });
  expect(world.written).toEqual([`PUT ${HTTPS.url} glpat {"value":"${KEY}"}`]);
});

test('what the first secret refuses, no secret has got: the target does not hold the key', async () => {
  const world = await OutsideWorld.with(GITHUB);
  await world.deliver({ put: refused });
  expect(world.record).toMatchObject({ announced: [], failing: { attempts: 1 } });
});

test('where one secret was written and the next one refused, the target may hold the key (R12)', async () => {
  const world = await OutsideWorld.with(GITHUB);
  const outcome = await world.deliver({
    put: (name) => (name.startsWith('AWS_SECRET') ? refused() : undefined),
  });
  expect(outcome.failed).toHaveLength(1);
  expect(world.record).toMatchObject({
    announced: [{ keyId: KEY }],
    failing: { error: expect.stringMatching(/AWS_ACCESS_KEY_ID has the new key already, and then .*422/) },
  });
});

test.each([
  ['the first', 'AWS_ACCESS', 0],
  ['the second', 'AWS_SECRET', 1],
])('where %s secret got no answer, the target may hold the key (R12)', async (_which, name, written) => {
  const world = await OutsideWorld.with(GITHUB);
  await world.deliver({ put: (secret) => (secret.startsWith(name) ? unanswered() : undefined) });
  expect(world.written).toHaveLength(written);
  expect(world.record).toMatchObject({ announced: [{ keyId: KEY }] });
});

test('all secrets are written again in the next run, and then the target is known to hold the key', async () => {
  const world = await OutsideWorld.with(GITHUB);
  await world.deliver({ put: (name) => (name.startsWith('AWS_SECRET') ? refused() : undefined) });
  await world.deliver();
  expect(world.written).toHaveLength(3);
  expect(world.record).toMatchObject({ delivered: { keyId: KEY }, announced: [] });
});

test.each<[string, Parameters<OutsideWorld['deliver']>]>([
  ['GitHub does not answer a question', [{ open: unanswered }]],
  ['GitHub refuses a question', [{ open: refused }]],
  ['Secrets Manager does not give the token', [{}, { tokens: { read: () => Promise.reject(unanswered()) } }]],
  ['there is no token', [{}, { tokens: { read: async () => undefined } }]],
])('when %s, nothing was written, and the target does not hold the key', async (_what, how) => {
  const world = await OutsideWorld.with(GITHUB);
  await expect(world.deliver(...how)).resolves.toMatchObject({ delivered: [], failed: [targetName(GITHUB)] });
  expect(world.written).toEqual([]);
  expect(world.record).toMatchObject({ announced: [], failing: { attempts: 1 } });
});

test.each([
  ['refused', refused, []],
  ['unanswered', unanswered, [{ keyId: KEY }]],
])('a request that is %s leaves its record so', async (_what, put, announced) => {
  const world = await OutsideWorld.with(HTTPS);
  await world.deliver({ put });
  expect(world.record).toMatchObject({ announced, failing: { attempts: 1 } });
});

test('an address cannot use a GitHub App', async () => {
  const world = await OutsideWorld.with(HTTPS);
  world.tokens['ci/other-token'] = '{"appId":"1","installationId":"2","privateKey":"CANARY"}';
  await world.deliver();
  expect(world.record?.failing?.error).toMatch(/holds a GitHub App/);
  expect(JSON.stringify(world.record)).not.toContain('CANARY');
});
