import type { AwsPlace } from '../aws/aws-place';
import { functionName } from '../aws/names';
import type { PolicyStatement } from '../aws/policy-document';
import { tellEvents } from '../rotated-user/policies';

export interface ResponderScope {
  readonly place: AwsPlace;
  readonly prefix: string;
  /** The functions that rotate. At least one. */
  readonly functionNames: readonly string[];
  readonly tableArn: string;
  /** Where reports go that it could not answer. */
  readonly queueArn: string;
}

/** Of the room that a role's policy has: so much for the functions, which is enough for about 60. */
const CHARACTERS_FOR_FUNCTIONS = 6_000;

/** All that the responder may do, besides writing its log (R9): the one thing that changes anything is to invoke. */
export function responderStatements(scope: ResponderScope): readonly PolicyStatement[] {
  const { place, prefix, tableArn } = scope;
  const { partition, region, accountId } = place;
  const arnOf = (name: string): string => `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  const each = scope.functionNames.map(arnOf);
  return [
    {
      Sid: 'ReplaceLeakedKeys',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: each.join().length <= CHARACTERS_FOR_FUNCTIONS ? each : [arnOf(functionName(prefix, '*'))],
    },
    { Sid: 'FindUsers', Effect: 'Allow', Action: 'dynamodb:Scan', Resource: tableArn },
    // CloudTrail's event history knows no resources.
    { Sid: 'WhoUsesKeys', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' },
    { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: scope.queueArn },
    tellEvents(place),
  ];
}
