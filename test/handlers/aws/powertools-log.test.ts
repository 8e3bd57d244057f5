import { createLog } from '../../../handlers/aws/powertools-log';
import { SecretMaterial } from '../../../contract/secret-material';
import { secretText } from '../support/fixtures';
import { linesOf } from '../support/log-lines';

const KEYS = {
  user: 'ci-deployer',
  secret: 'arn:aws:secretsmanager:x',
  step: 'createSecret',
  token: 't'.repeat(32),
};

test.each([
  ['info', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
] as const)('%s writes one line of JSON that names user, secret, step and token', (method, level) => {
  const lines = linesOf(() => {
    createLog(KEYS)[method]('a new key is created', { keyId: 'of the key' });
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    ...KEYS,
    level,
    message: 'a new key is created',
    keyId: 'of the key',
    service: 'iam-key-rotation',
  });
});

test('R7: a secret that slips into the fields prints as ***', () => {
  const secret = secretText();
  const lines = linesOf(() => {
    const material = new SecretMaterial(secret);
    createLog(KEYS).error('oops', {
      material,
      nested: { list: [material] },
      error: new Error(`with ${material.toString()}`),
    });
  });
  expect(lines.join('')).toContain('***');
  expect(lines.join('')).not.toContain(secret);
});

test('a field of the line does not stay for the next one', () => {
  const lines = linesOf(() => {
    const log = createLog(KEYS);
    log.info('one', { keyId: 'first' });
    log.info('two');
  });
  expect(lines[1]).not.toContain('first');
});
