import { VALUE_FIELDS } from '../../../contract/delivery';
import { kmsKeyArn } from './aws-keys';
import { choice, list, map, mapOf, text } from './builders';

/**
 * A secret's name or ARN: a name has no colon.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
const SECRET_ID =
  /^[A-Za-z0-9/_+=.@-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

/**
 * Fully qualified, at most 15 levels, and not one of AWS's own. AWS counts the ARN's beginning among the 1,011 characters.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
const PARAMETER_NAME = /^(?!\/(aws|ssm))(?=.{2,940}$)(\/[A-Za-z0-9_.-]+){1,15}$/i;

/**
 * With the cluster, as all ARNs since 2018 have it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
 */
const ECS_SERVICE_ARN =
  /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/;

/** One line without blanks at its ends. */
export const FIELD_NAME = /^\S(.{0,126}\S)?$/;

export const MOST_FIELDS = 20;

const secretTarget = map(
  {
    id: text(SECRET_ID, {
      description: 'Name or ARN of the secret. It is there already, in the account and region of the stack.',
      rule: 'a secret is named by its name, or by its whole ARN',
      example: 'payments/env',
    }),
    fields: mapOf(
      choice(VALUE_FIELDS, { description: 'The part of the new key pair that the field gets.' }),
      {
        description:
          'The fields of the JSON object in the secret that are set; all others stay as they are, byte for byte. `Smtp…` only with `sesSmtp`.',
        of: 'parts of the key pair, by the names that the fields have',
        keys: FIELD_NAME,
        max: MOST_FIELDS,
        example: '{ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }',
      },
    ),
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts that secret, so that the delivery function may use it.',
      absent: "the account's `aws/secretsmanager` key",
      sameRegion: 'stack',
    }).optional(),
  },
  {
    description: 'Another secret, in which fields of a JSON object are set.',
    absent: 'the target is a parameter',
    example: '{ id: payments/env, fields: { AWS_ACCESS_KEY_ID: AccessKeyId } }',
  },
);

const parameterTarget = map(
  {
    name: text(PARAMETER_NAME, {
      description: 'Its name, with its whole path. It is made if it is not there.',
      rule: 'a parameter is named by its whole path, which begins with / and not with /aws or /ssm: up to 15 levels of letters, digits and _.-',
      example: '/payments/aws-key',
      repair: (found) => `/${found.split('/').filter(Boolean).join('/')}`,
    }),
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts the parameter.',
      absent: "the account's `aws/ssm` key",
      sameRegion: 'stack',
    }).optional(),
  },
  {
    description:
      "A parameter of Systems Manager, a SecureString with the whole document that the user's secret holds.",
    absent: 'the target is a secret',
    example: '{ name: /payments/aws-key }',
  },
);

const restartTarget = map(
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

const targets = {
  secret: secretTarget.optional(),
  parameter: parameterTarget.optional(),
  restart: restartTarget.optional(),
};

export const TARGET_KINDS = Object.keys(targets) as (keyof typeof targets)[];

export const ONE_KIND = {
  rule: `a target is a map with one key: ${TARGET_KINDS.slice(0, -1).join(', ')} or ${TARGET_KINDS.at(-1)}`,
  example: '{ parameter: { name: /payments/aws-key } }',
};

export const deliver = list(map(targets, { description: 'A delivery target.', ...ONE_KIND }), {
  description:
    "Where every new key goes besides, for what cannot read the user's secret. A previous key is not retired while a target may hold it: see [delivery](delivery.md).",
  absent: 'nowhere',
  of: 'targets',
  max: 10,
  example: '[{ parameter: { name: /payments/aws-key } }]',
});
