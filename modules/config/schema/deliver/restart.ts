import { map, text } from '../builders';

/**
 * With the cluster, as all ARNs since 2018 have it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
 */
const ECS_SERVICE_ARN =
  /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/;

export const restartTarget = map(
  {
    ecsService: text(ECS_SERVICE_ARN, {
      description:
        'ARN of the ECS service, with its cluster, in the account and region of the stack. ECS itself deploys it (rolling update).',
      rule: 'an ECS service is named by its ARN, with its cluster',
      example: 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api',
    }),
  },
  {
    description:
      'A service that reads its key when a task starts: after each promotion, and after all other targets of the user, its tasks are replaced.',
    absent: 'nothing is restarted',
    example: '{ ecsService: arn:aws:ecs:eu-west-1:111122223333:service/payments/api }',
  },
);
