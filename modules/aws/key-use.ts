import { viaService, type AwsPlace } from './aws-place';
import type { TextList } from '../terraform/json-text';
import { oneOrAll, type PolicyStatement } from './policy-document';

export interface KeyUse {
  readonly sid: string;
  readonly actions: readonly string[];
  /** At least one: a statement without a resource is refused. AWS's own keys need no permission. */
  readonly kmsKeyArns: TextList;
  /** As `kms:ViaService` has it. */
  readonly service: string;
  /** What the service encrypts with it: its encryption context, by condition key. */
  readonly context: Readonly<Record<string, string | TextList>>;
  readonly place: AwsPlace;
}

/**
 * The use of customer keys: only through one service, and only for what it encrypts there.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export const keyUse = ({ sid, actions, kmsKeyArns, service, context, place }: KeyUse): PolicyStatement => ({
  Sid: sid,
  Effect: 'Allow',
  Action: actions.length === 1 ? (actions[0] ?? '') : actions,
  Resource: oneOrAll(kmsKeyArns),
  Condition: {
    StringEquals: { 'kms:ViaService': oneOrAll(viaService(service, place.region, place)) },
    StringLike: context,
  },
});
