import { rotateEnvSchema } from '../../../contract/env/rotate';

const complete = {
  TABLE_NAME: 'iam-key-rotation',
  STACK: 'iam-key-rotation-two',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
  STABLE_KEY: 'ci-deployer',
};

test('a per-user function knows its table, its prefix and its user', () => {
  expect(rotateEnvSchema.parse({ ...complete, AWS_REGION: 'eu-west-1' })).toEqual(complete);
});

test('a shared function has no user of its own', () => {
  const { STABLE_KEY, ...shared } = complete;
  expect(STABLE_KEY).toBe('ci-deployer');
  expect(rotateEnvSchema.parse(shared)).toEqual(shared);
});

test.each(['TABLE_NAME', 'STACK', 'SECRET_NAME_PREFIX'])(
  'without %s nothing starts, and the error names it',
  (name) => {
    expect(() => rotateEnvSchema.parse({ ...complete, [name]: undefined })).toThrow(name);
    expect(() => rotateEnvSchema.parse({ ...complete, [name]: '' })).toThrow(name);
  },
);

test('an empty STABLE_KEY is refused, instead of being taken for a shared function', () => {
  expect(() => rotateEnvSchema.parse({ ...complete, STABLE_KEY: '' })).toThrow('STABLE_KEY');
});
