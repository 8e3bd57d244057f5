import * as fc from 'fast-check';

import { parseRotatedKey } from '../../client/rotated-key';
import { SecretMaterial } from '../../contract/secret-material';
import { mergeFields } from '../../handlers/core/delivery/merge-fields';
import { readToken } from '../../handlers/core/delivery/read-token';
import { renderRequest } from '../../handlers/core/delivery/render-request';
import { TargetRefusedError } from '../../handlers/core/delivery/target-refused-error';
import { decodeSecretValue, wasStoredByUs } from '../../handlers/core/model/secret-value';
import { keyId, NOON, secretText, settingsOf } from '../handlers/support/fixtures';
import { damaged, hostileTexts, outcomeOf } from './support/hostile';

/* Whoever may write a secret stores what he likes in it. */

const SECRET = secretText();
const ID = keyId();
const DOCUMENT = {
  ...{ Version: 1, AccessKeyId: ID, SecretAccessKey: SECRET, UserName: 'ci-deployer-user' },
  ...{ AccountId: '111122223333', CreateDate: '2026-01-15T12:00:00.000Z' },
};
const OWN = new SecretMaterial(JSON.stringify(DOCUMENT));
const DEEP = `{"a":${'['.repeat(30_000)}"${SECRET}"${']'.repeat(30_000)}}`;

/** What JSON can write of a value, cut off in some cases. */
const texts = (template: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: damaged(template).map(jsonOf) },
    fc.tuple(damaged(template).map(jsonOf), fc.nat(200)).map(([text, length]) => text.slice(0, length)),
    hostileTexts,
    fc.constant(DEEP),
    fc.constant(`{"KEY":"a","KEY":"${SECRET}"}`),
  );
const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch {
    return DEEP;
  }
};

it('a value of the user’s own secret is a key pair, or is none; nothing else happens', async () => {
  await fc.assert(
    fc.asyncProperty(texts(DOCUMENT), async (text) => {
      const value = new SecretMaterial(text);
      await outcomeOf(() => [
        decodeSecretValue(value),
        parseRotatedKey(value),
        wasStoredByUs(value, settingsOf(), { id: ID, status: 'Active', createdAt: NOON }),
      ]);
    }),
    { numRuns: 200 },
  );
});

it('a target’s secret gets its field and keeps the others, or is refused without a word of what it holds', async () => {
  const target = { kind: 'secret', id: 'payments/env', fields: { KEY: 'SecretAccessKey' } } as const;
  await fc.assert(
    fc.asyncProperty(texts({ KEY: 'old', other: { a: [1, 'b'] } }), async (text) => {
      const outcome = await outcomeOf(() => mergeFields(new SecretMaterial(text), target, OWN), {
        ...{ errors: [TargetRefusedError], secrets: [SECRET] },
      });
      if ('error' in outcome) return;
      const [before, after] = [text, outcome.value.reveal()].map(
        (json) => JSON.parse(json) as Record<string, unknown>,
      );
      expect(after?.['KEY']).toBe(SECRET);
      const others = Object.keys(before ?? {}).filter((name) => name !== 'KEY');
      expect(Object.keys(after ?? {}).filter((name) => name !== 'KEY')).toEqual(others);
    }),
    { numRuns: 200 },
  );
});

it('a secret that is deeper than what reads it can follow is refused as a target', () => {
  const target = { kind: 'secret', id: 'payments/env', fields: { KEY: 'SecretAccessKey' } } as const;

  expect(() => mergeFields(new SecretMaterial(DEEP), target, OWN)).toThrow(TargetRefusedError);
});

it('what holds a token gives one, or is refused without a word of what it holds', async () => {
  const app = { appId: '1', installationId: 2, privateKey: SECRET };
  await fc.assert(
    fc.asyncProperty(fc.oneof(texts({ token: SECRET }), texts(app)), async (text) => {
      const tokens = { read: async () => new SecretMaterial(text) };
      await outcomeOf(() => readToken({ tokens }, 'ci/token'), {
        ...{ errors: [TargetRefusedError], secrets: [SECRET] },
      });
    }),
    { numRuns: 200 },
  );
});

it('a token becomes one header of one line, or is refused without a word of it', async () => {
  const target = {
    kind: 'https',
    url: 'https://ci.example.com/x',
    method: 'PUT',
    headers: { Authorization: 'Bearer {token}' },
    body: { format: 'json', template: '{"value":"{SecretAccessKey}"}' },
  } as const;
  await fc.assert(
    fc.asyncProperty(hostileTexts, async (ending) => {
      const outcome = await outcomeOf(
        () => renderRequest(target, OWN, new SecretMaterial(`${SECRET}${ending}`)),
        { errors: [TargetRefusedError], secrets: [SECRET] },
      );
      if ('error' in outcome) return;
      const { headers, body } = outcome.value;
      for (const value of Object.values(headers)) expect(value.reveal()).toMatch(/^[ -~]+$/);
      expect(JSON.parse(body.reveal())).toEqual({ value: SECRET });
    }),
    { numRuns: 200 },
  );
});
