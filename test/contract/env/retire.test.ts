import { retireEnvSchema } from '../../../contract/env/retire';

const complete = {
  TABLE_NAME: 'iam-key-rotation',
  STACK: 'iam-key-rotation',
  MODE: 'act',
  MAXIMUM_DELETIONS: '50',
  METRICS_PER: 'stack',
};

test('the function knows its table and stack, whether it may act, how much it may delete, and what it measures', () => {
  expect(retireEnvSchema.parse({ ...complete, AWS_REGION: 'eu-west-1' })).toEqual({
    ...complete,
    MAXIMUM_DELETIONS: 50,
  });
});

test('it may delete nothing at all', () => {
  expect(retireEnvSchema.parse({ ...complete, MAXIMUM_DELETIONS: '0' }).MAXIMUM_DELETIONS).toBe(0);
});

test.each(Object.keys(complete))('without %s nothing starts, and the error names it', (name) => {
  expect(() => retireEnvSchema.parse({ ...complete, [name]: undefined })).toThrow(name);
});

test.each([
  ['MODE', 'dry'],
  ['MODE', ''],
  ['TABLE_NAME', ''],
  ['STACK', ''],
  ['METRICS_PER', 'users'],
  ['MAXIMUM_DELETIONS', '-1'],
  ['MAXIMUM_DELETIONS', '1.5'],
  ['MAXIMUM_DELETIONS', 'many'],
])('%s "%s" is refused', (name, value) => {
  expect(() => retireEnvSchema.parse({ ...complete, [name]: value })).toThrow(name);
});
