import { MESSAGE_FORMATS } from '../../../contract/chat-notification';
import { EMAIL_ADDRESS, TOPIC_ARN } from '../../aws/aws-values';
import { DEFAULT_RUNBOOK_URL } from '../../aws/default-values';
import { kmsKeyArn } from './aws-keys';
import { choice, flag, list, map, text } from './builders';

const emailAddress = text(EMAIL_ADDRESS, {
  description: 'An e-mail address.',
  rule: 'an entry of emails is one e-mail address, without a name around it',
  example: 'oncall@example.com',
});

const topicArn = text(TOPIC_ARN, {
  description: "A standard SNS topic of the stack's region.",
  type: 'ARN of an SNS topic',
  arn: {
    what: 'the topic',
    sameRegion: 'stack',
    inRegion: (region) => `the ARN of a topic in ${region}: SNS publishes to none of another region`,
  },
  rule: 'a topic is named by the ARN of a standard SNS topic; a FIFO topic cannot be used',
  example: 'arn:aws:sns:eu-west-1:111122223333:oncall',
});

export const alertsSchema = map(
  {
    emails: list(emailAddress, {
      description:
        'Who is told by e-mail. AWS sends each address a link that has to be followed once before anything else comes.',
      absent: 'nobody',
      of: 'e-mail addresses',
      max: 50,
      unique: true,
      example: '[oncall@example.com]',
    }).default([]),
    topicArns: list(topicArn, {
      description:
        'SNS topics that are there already and get every message, too. One of another account has to admit the notification function in its policy, and so has the policy of a customer key that encrypts it.',
      absent: 'none',
      of: 'ARNs of SNS topics',
      max: 10,
      unique: true,
      example: '[arn:aws:sns:eu-west-1:111122223333:oncall]',
    }).default([]),
    format: choice(MESSAGE_FORMATS, {
      description:
        '`chat`: who subscribes to a topic by https, as Amazon Q Developer in chat applications does (Slack, Microsoft Teams), gets messages that chat shows, and each fault is a thread. E-mails and all other subscriptions stay as they are. See docs/notifications.md.',
      absent: '`text` for all',
      alsoMeans: {
        chat: /^(slack|teams|chatbot|custom|json|markdown)$/i,
        text: /^(plain|e-?mail|no|off|false)$/i,
      },
    }).optional(),
    // It stands in the description of every alarm, which CloudWatch limits to 1,024 characters.
    runbookUrl: text(/^https:\/\/[^\s#]{1,392}$/, {
      description:
        'Where your people find `docs/runbook.md`: alarms and messages name the section behind this address and a `#`.',
      type: 'An https address of at most 400 characters',
      rule: 'runbookUrl is an https address of at most 400 visible characters, without a # and what follows it',
      example: 'https://wiki.example.com/iam-key-rotation/runbook',
    }).default(DEFAULT_RUNBOOK_URL),
    perFunctionAlarms: flag({
      description:
        "With a rotation function for each user: two alarms for each of them, which also see a function that crashes or is throttled. `false`: one alarm for all of them, on what the functions count themselves, for stacks where the alarms' price matters.",
    }).default(true),
    kmsKeyArn: kmsKeyArn({
      description:
        "The customer key that encrypts the stack's own topic; its policy has to leave its use to IAM policies.",
      absent: "the account's `aws/sns` key",
      sameRegion: 'stack',
    }).optional(),
  },
  {
    description: 'Who is told when something is wrong.',
    absent: 'nobody is told; the alarms and the topic are made all the same',
    example: '{ emails: [oncall@example.com] }',
  },
);
