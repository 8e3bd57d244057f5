import { inspect } from 'node:util';

import { parseRotatedKey } from '../../client/rotated-key';
import { encodeSecretValue } from '../../handlers/core/model/secret-value';
import { SecretMaterial } from '../../contract/secret-material';
import type { Settings } from '../../contract/settings';

const parse = (value: unknown) =>
  parseRotatedKey(new SecretMaterial(typeof value === 'string' ? value : JSON.stringify(value)));
const PAIR = { Version: 1, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'not-a-secret' };

it('the client reads the key as the rotation function writes it', () => {
  const stored = encodeSecretValue(
    {
      id: 'AKIAIOSFODNN7EXAMPLE',
      status: 'Active',
      createdAt: Date.parse('2026-11-23T19:15:00Z'),
      secretAccessKey: new SecretMaterial('not-a-secret'),
    },
    { userName: 'ci-deployer', accountId: '111122223333' } as Settings,
  );

  expect({ ...parseRotatedKey(stored), secretAccessKey: undefined }).toEqual({
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    accountId: '111122223333',
    createdAt: Date.parse('2026-11-23T19:15:00Z'),
  });
  expect(parseRotatedKey(stored)?.secretAccessKey.reveal()).toBe('not-a-secret');
});

it('the client needs no more than the key pair, because a person may have stored it', () => {
  expect(parse(PAIR)).toMatchObject({ accessKeyId: PAIR.AccessKeyId, accountId: undefined });
  expect(parse({ ...PAIR, CreateDate: 'yesterday' })?.createdAt).toBeUndefined();
});

it.each([
  ['no JSON', 'AKIAIOSFODNN7EXAMPLE:not-a-secret'],
  ['JSON, but no object', '"text"'],
  ['nothing', 'null'],
  ['a list', [PAIR]],
  ['another version', { ...PAIR, Version: 2 }],
  ['no key id', { ...PAIR, AccessKeyId: undefined }],
  ['an empty secret', { ...PAIR, SecretAccessKey: '' }],
  ['a number for a secret', { ...PAIR, SecretAccessKey: 7 }],
])('the key in a stored value is not there in %s', (_what, value) => {
  expect(parse(value)).toBeUndefined();
});

it('R7: a key does not show its secret when it is printed', () => {
  const key = parse(PAIR);
  expect(`${inspect(key)} ${JSON.stringify(key)}`).not.toContain('not-a-secret');
});
