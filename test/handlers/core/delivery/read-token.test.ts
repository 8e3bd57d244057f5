import { inspect } from 'node:util';

import { SecretMaterial } from '../../../../contract/secret-material';
import { readToken, type Token } from '../../../../handlers/core/delivery/read-token';
import { TargetRefusedError } from '../../../../handlers/core/delivery/target-refused-error';

const read = (held: string | undefined): Promise<Token> =>
  readToken(
    { tokens: { read: async () => (held === undefined ? undefined : new SecretMaterial(held)) } },
    'ci/token',
  );

test.each([
  ['as plain text', 'glpat-EXAMPLE'],
  ['with the line break that a shell adds', 'glpat-EXAMPLE\n'],
  ['in a JSON document', '{"token":"glpat-EXAMPLE"}'],
  ['in a JSON document with more in it', '{"note":"mine","token":" glpat-EXAMPLE\\n"}'],
])('a token %s', async (_what, held) => {
  const token = await read(held);
  expect(token.kind === 'text' && token.text.reveal()).toBe('glpat-EXAMPLE');
});

test.each(['"4711"', '4711'])('a GitHub App, its id written as %s', async (appId) => {
  const token = await read(`{"appId":${appId},"installationId":12,"privateKey":"PEM-EXAMPLE"}`);
  expect(token).toMatchObject({ kind: 'githubApp', appId: '4711', installationId: '12' });
  expect(token.kind === 'githubApp' && token.privateKey.reveal()).toBe('PEM-EXAMPLE');
  expect(inspect(token, { depth: 9 })).not.toContain('PEM-EXAMPLE');
});

test.each([
  ['is not there', undefined],
  ['is empty', ' \n'],
])('a secret that %s is a refusal that says what to store', async (_what, held) => {
  await expect(read(held)).rejects.toThrow(/There is no secret ci\/token.*Store the token there/);
});

test.each([
  ['an object without a token', '{"password":"CANARY"}'],
  ['an empty token', '{"token":""}'],
  ['JSON that is cut off', '{"token":"CANARY'],
  ['half of an app', '{"appId":"1","privateKey":"CANARY"}'],
  ['an app whose id leads elsewhere', '{"appId":"1","installationId":"../CANARY","privateKey":"x"}'],
])('%s is refused, and not quoted', async (_what, held) => {
  const error: unknown = await read(held).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TargetRefusedError);
  expect(inspect(error, { depth: 9 })).not.toContain('CANARY');
});
