import { aStack, aStackWithEverything, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

describe('the retirement of previous keys', () => {
  const stack = synthesize(aStack([aUser('a')], { maximumDeletionsPerRun: 7 }));

  it('is one function for all users, with the time of a long run', () => {
    expect(stack.at('aws_lambda_function.retire')).toMatchObject({
      function_name: 'iam-key-rotation-retire',
      timeout: 900,
      memory_size: 512,
      environment: {
        variables: {
          TABLE_NAME: '${aws_dynamodb_table.journal.name}',
          STACK: 'iam-key-rotation',
          MODE: 'act',
          MAXIMUM_DELETIONS: '7',
          METRICS_PER: 'stack',
        },
      },
    });
  });

  it('only reports where the configuration says so', () => {
    const { retire } = { retire: synthesize(aStack([], { retirement: 'report' })) };

    expect(retire.at('aws_lambda_function.retire')).toMatchObject({
      environment: { variables: { MODE: 'report' } },
    });
  });

  it('measures each user by itself where the configuration says so', () => {
    const perUser = synthesize(aStack([], { metrics: { perUser: true } }));

    expect(perUser.at('aws_lambda_function.retire')).toMatchObject({
      environment: { variables: { METRICS_PER: 'user' } },
    });
  });

  it('is run by EventBridge Scheduler every hour, as soon as the function is able to work', () => {
    expect(stack.at('aws_scheduler_schedule.retire')).toEqual({
      name: 'iam-key-rotation-retire',
      description: 'Retires the previous access keys of iam-key-rotation.',
      state: 'ENABLED',
      schedule_expression: 'rate(1 hour)',
      flexible_time_window: { mode: 'FLEXIBLE', maximum_window_in_minutes: 15 },
      target: {
        arn: '${aws_lambda_function.retire.arn}',
        role_arn: '${aws_iam_role.retire-schedule.arn}',
        retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
        dead_letter_config: { arn: '${aws_sqs_queue.retire-failed.arn}' },
      },
      depends_on: [
        'aws_iam_role_policy.retire-schedule',
        'aws_lambda_function.retire',
        'aws_iam_role_policy.retire',
        'aws_lambda_function_event_invoke_config.retire',
        'aws_dynamodb_table.journal',
      ],
    });
  });

  it('leaves what fails in a queue for two weeks, encrypted, and does not run it again by itself', () => {
    expect(stack.at('aws_sqs_queue.retire-failed')).toEqual({
      name: 'iam-key-rotation-retire-failed',
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
      depends_on: ['aws_dynamodb_table.journal'],
    });
    expect(stack.at('aws_lambda_function_event_invoke_config.retire')).toMatchObject({
      function_name: 'iam-key-rotation-retire',
      maximum_retry_attempts: 0,
      destination_config: { on_failure: { destination: '${aws_sqs_queue.retire-failed.arn}' } },
    });
  });

  it('R9: lets Scheduler do two things: invoke this function, and send to this queue', () => {
    expect(stack.json('aws_iam_role_policy.retire-schedule', 'policy')).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Resource: '${aws_lambda_function.retire.arn}',
        },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '${aws_sqs_queue.retire-failed.arn}' },
      ],
    });
  });

  it('R9: lets schedules of no other account use the role', () => {
    expect(stack.json('aws_iam_role.retire-schedule', 'assume_role_policy')).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': '111122223333',
              'aws:SourceArn': 'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default',
            },
          },
        },
      ],
    });
  });

  it('gives both its roles what organisations demand of roles', () => {
    const demanding = synthesize(aStackWithEverything());

    for (const role of ['retire', 'retire-schedule']) {
      expect(demanding.at(`aws_iam_role.${role}`)).toMatchObject({
        path: '/rotation/',
        permissions_boundary: 'arn:aws:iam::111122223333:policy/functions',
      });
    }
  });

  it('sets nothing that only version 6 of the provider knows', () => {
    expect(stack.at('aws_scheduler_schedule.retire')).not.toHaveProperty('action_after_completion');
    for (const address of stack.addresses.filter((some) => some.includes('.retire'))) {
      expect(stack.at(address)).not.toHaveProperty('region');
    }
  });
});

describe('what the retirement function is told of a user', () => {
  const settingsOf = (own: Parameters<typeof aUser>[1]): unknown =>
    synthesize(aStack([aUser('a', own)])).json('aws_dynamodb_table_item.a', 'item');

  it('is how long keys live, and what becomes of one that is still in use', () => {
    expect(settingsOf({ whenStillInUse: 'retire' })).toMatchObject({
      overlapSeconds: { N: '86400' },
      gracePeriodSeconds: { N: '604800' },
      maximumKeyAgeSeconds: { N: '7776000' },
      whenStillInUse: { S: 'retire' },
    });
  });

  it('is which keys are taken over, and an exemption with its reason as it was written', () => {
    const item = settingsOf({
      takeOver: ['AKIAIOSFODNN7EXAMPLE'],
      exemption: { reason: 'until ${gateway} is there', until: '2027-02-01T00:00:00.000Z' },
    });

    expect(item).toMatchObject({
      takeOver: { L: [{ S: 'AKIAIOSFODNN7EXAMPLE' }] },
      exemption: {
        M: { reason: { S: 'until $${gateway} is there' }, until: { S: '2027-02-01T00:00:00.000Z' } },
      },
    });
  });
});
