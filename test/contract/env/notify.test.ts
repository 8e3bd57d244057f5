import { notifyEnvSchema } from '../../../contract/env/notify';

const ENV = {
  TABLE_NAME: 'iam-key-rotation',
  ACCOUNT_ID: '111122223333',
  STACK: 'iam-key-rotation-two',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
  SHARDED: 'true',
  TOPIC_ARNS: 'arn:aws:sns:eu-west-1:111122223333:a,arn:aws:sns:eu-west-1:111122223333:b',
  RUNBOOK_URL: 'docs/runbook.md',
};

test('topics are separated by commas', () => {
  expect(notifyEnvSchema.parse(ENV).TOPIC_ARNS).toEqual([
    'arn:aws:sns:eu-west-1:111122223333:a',
    'arn:aws:sns:eu-west-1:111122223333:b',
  ]);
});

test('messages are text for everybody unless chat is asked for', () => {
  expect(notifyEnvSchema.parse(ENV).FORMAT).toBe('text');
  expect(notifyEnvSchema.parse({ ...ENV, FORMAT: 'chat' }).FORMAT).toBe('chat');
  expect(() => notifyEnvSchema.parse({ ...ENV, FORMAT: 'slack' })).toThrow('FORMAT');
});

test.each(Object.keys(ENV))('nothing runs without %s', (name) => {
  expect(() => notifyEnvSchema.parse({ ...ENV, [name]: undefined })).toThrow(name);
  expect(() => notifyEnvSchema.parse({ ...ENV, [name]: '' })).toThrow(name);
});
