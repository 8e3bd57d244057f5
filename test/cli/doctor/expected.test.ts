import { Expected } from '../../../cli/doctor/expected';
import { contextOf, settingsOf } from './support/context';

describe('what the account should have', () => {
  it('is every user with the names of its secret and its IAM user', () => {
    const { expected } = contextOf({
      resources: {
        aws_secretsmanager_secret: { mailer: { name: 'team/mailer/key' } },
        aws_dynamodb_table_item: { mailer: settingsOf('legacy.mailer@example', 'mailer') },
      },
    });

    expect(expected.users).toEqual([
      { stableKey: 'mailer', userName: 'legacy.mailer@example', secretName: 'team/mailer/key' },
    ]);
    expect(expected.prefix).toBe('iam-key-rotation');
  });

  it('has no name for what is not looked up', () => {
    const { expected } = contextOf({ resources: { aws_s3_bucket: { trail: { bucket: 'records' } } } });
    expect(() => expected.nameAt('${aws_s3_bucket.trail.arn}')).toThrow(
      'aws_s3_bucket.trail is not looked up by a name.',
    );
  });

  it('is refused of a stack that is not of this product', () => {
    const stack = { accountId: '111122223333', region: 'eu-west-1', resources: [] };
    expect(() => new Expected({ folder: 'stack' }, stack)).toThrow('The stack in stack has no table');
  });

  it('does not follow a reference to what the stack does not have', () => {
    const { expected } = contextOf({});
    expect(() => expected.nameAt('${aws_sns_topic.alerts.arn}')).toThrow('refers to aws_sns_topic.alerts');
    expect(expected.nameAt('a-name')).toBe('a-name');
  });
});
