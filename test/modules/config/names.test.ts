import {
  functionName,
  logGroupName,
  retirementFunctionName,
  retirementQueueName,
  retirementScheduleName,
  retirementScheduleRoleName,
  roleName,
  secretName,
  secretNamePrefix,
  sharedFunctionName,
  tableName,
  TAG_KEYS,
} from '../../../modules/config/names';

describe('Names on AWS', () => {
  it('are made from prefix and stable key, and never change: another name is another secret', () => {
    expect({
      secret: secretName('keys', 'ci'),
      secrets: secretNamePrefix('keys'),
      function: functionName('keys', 'ci'),
      shared: sharedFunctionName('keys'),
      retirement: retirementFunctionName('keys'),
      schedule: retirementScheduleName('keys'),
      scheduleRole: retirementScheduleRoleName('keys'),
      queue: retirementQueueName('keys'),
      role: roleName('keys-ci'),
      logs: logGroupName('keys-ci'),
      table: tableName('keys'),
      tags: Object.values(TAG_KEYS),
    }).toEqual({
      secret: 'keys/ci',
      secrets: 'keys/',
      function: 'keys-ci',
      shared: 'keys-rotate',
      retirement: 'keys-retire',
      schedule: 'keys-retire',
      scheduleRole: 'keys-retire-schedule',
      queue: 'keys-retire-failed',
      role: 'keys-ci',
      logs: '/aws/lambda/keys-ci',
      table: 'keys',
      tags: ['iam-key-rotation:user', 'iam-key-rotation:owner', 'iam-key-rotation:stack'],
    });
  });
});
