import { viaService, type AwsPlace } from '../aws/aws-place';
import {
  findingsItemKey,
  journalItemKey,
  NOTIFIED_ITEM_KEYS,
  settingsItemKey,
  SWEEP_ITEM_KEY,
} from '../../contract/table';
import type { TextList } from '../terraform/json-text';
import { oneOrAll, type PolicyStatement } from '../aws/policy-document';
import { leadingKeys } from '../rotated-user/policies';

export interface NotificationScope {
  readonly place: AwsPlace;
  readonly tableArn: string;
  /** The stack's own topic. */
  readonly topicArn: string;
  /** The customer key that encrypts it, if one does. */
  readonly kmsKeyArn?: string;
  /** It, and those that were there already. */
  readonly everyTopicArn: TextList;
  /** Those that were there already; absent: there are none. */
  readonly existingTopicArns?: TextList;
  /** Where events go that nobody could be told of. */
  readonly queueArn: string;
}

/** All that the notification function may do, besides writing its log (R9): it can touch no key and read no secret. */
export function notificationStatements(scope: NotificationScope): readonly PolicyStatement[] {
  const { tableArn } = scope;
  return [
    { Sid: 'Tell', Effect: 'Allow', Action: 'sns:Publish', Resource: scope.everyTopicArn },
    ...useKeys(scope),
    {
      Sid: 'ReadRecords',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
      Condition: leadingKeys([
        settingsItemKey('*'),
        journalItemKey('*'),
        findingsItemKey('*'),
        SWEEP_ITEM_KEY,
        NOTIFIED_ITEM_KEYS,
      ]),
    },
    {
      Sid: 'RememberWhatWasTold',
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: tableArn,
      Condition: leadingKeys([NOTIFIED_ITEM_KEYS]),
    },
    { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: scope.queueArn },
  ];
}

/**
 * Who publishes to a topic that a customer key encrypts needs the key, too. The policy of `aws/sns` admits everybody of
 * the account who may use SNS, so that key needs nothing here. Which keys encrypt topics that were there already is not
 * known; that the key may be used for these topics alone is said by the encryption context.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function useKeys(scope: NotificationScope): readonly PolicyStatement[] {
  const { place, topicArn, kmsKeyArn, existingTopicArns } = scope;
  const statement = (Sid: string, Resource: string, topicArns: TextList): PolicyStatement => ({
    Sid,
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource,
    Condition: {
      StringEquals: {
        'kms:ViaService': oneOrAll(viaService('sns', place.region, place)),
        'kms:EncryptionContext:aws:sns:topicArn': topicArns,
      },
    },
  });
  return [
    ...(kmsKeyArn === undefined ? [] : [statement('EncryptMessages', kmsKeyArn, [topicArn])]),
    ...(existingTopicArns === undefined
      ? []
      : [
          statement(
            'EncryptElsewhere',
            `arn:${place.partition}:kms:${place.region}:*:key/*`,
            existingTopicArns,
          ),
        ]),
  ];
}
