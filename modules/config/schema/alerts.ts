import * as z from 'zod';

import { EMAIL_ADDRESS, TOPIC_ARN } from '../../aws/aws-values';
import { kmsKeyArn } from './values';
import { key } from './wording';

export const alertsSchema = key(
  z.strictObject({
    emails: key(
      z
        .array(
          key(z.string().regex(EMAIL_ADDRESS), {
            description: 'An e-mail address.',
            rule: 'an entry of emails is one e-mail address, without a name around it',
            write: () => 'oncall@example.com',
          }),
        )
        .max(50),
      {
        description:
          'Who is told by e-mail. AWS sends each address a link that has to be followed once before anything else comes.',
        absent: 'nobody',
        rule: 'emails is a list of up to 50 e-mail addresses',
        write: '[oncall@example.com]',
      },
    ).optional(),
    topicArns: key(
      z
        .array(
          key(z.string().regex(TOPIC_ARN), {
            description: "A standard SNS topic of the stack's region.",
            rule: 'a topic is named by the ARN of a standard SNS topic; a FIFO topic cannot be used',
            write: () => 'arn:aws:sns:eu-west-1:111122223333:oncall',
          }),
        )
        .max(10),
      {
        description:
          'SNS topics that are there already and get every message, too. One of another account has to admit the notification function in its policy, and so has the policy of a customer key that encrypts it.',
        absent: 'none',
        rule: 'topicArns is a list of up to 10 ARNs of SNS topics',
        write: '[arn:aws:sns:eu-west-1:111122223333:oncall]',
      },
    ).optional(),
    runbookUrl: key(z.string().regex(/^https:\/\/[^\s#]{1,500}$/), {
      description:
        'Where your people find `docs/runbook.md`: alarms and messages name the section behind this address and a `#`.',
      absent: '`docs/runbook.md`',
      rule: 'runbookUrl is an https address without a # and what follows it',
      write: 'https://wiki.example.com/iam-key-rotation/runbook',
    }).optional(),
    perFunctionAlarms: key(z.boolean(), {
      description:
        "With a rotation function for each user: two alarms for each of them, which also see a function that crashes or is throttled. `false`: one alarm for all of them, on what the functions count themselves, for stacks where the alarms' price matters.",
      default: true,
      rule: 'a yes or no is written true or false, without quotes',
      write: (name, found) => `${name}: ${/^(no|off|false|n|0)$/i.test(found ?? '') ? 'false' : 'true'}`,
    }).optional(),
    kmsKeyArn: kmsKeyArn(
      "The customer key that encrypts the stack's own topic; its policy has to leave its use to IAM policies.",
      "the account's `aws/sns` key",
    ).optional(),
  }),
  {
    description: 'Who is told when something is wrong.',
    absent: 'nobody: alarms and topic are there all the same',
    rule: 'alerts is a map with emails, topicArns or both',
    write: '{ emails: [oncall@example.com] }',
  },
);

export type RawAlerts = z.output<typeof alertsSchema>;
