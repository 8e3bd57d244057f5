import type { AwsPlace } from '../aws/aws-place';
import {
  deliveryFunctionName,
  functionName,
  notificationFunctionName,
  respondFunctionName,
  retirementFunctionName,
} from '../aws/names';
import type { PolicyStatement } from '../aws/policy-document';
import { tellEvents } from '../rotated-user/policies';
import type { TextList } from '../terraform/json-text';

/**
 * The functions that rotate: their names, at least one. Where they are not known, all of the prefix may be invoked but those
 * whose ARNs are named: the others of the stack, also by a version or an alias, `:$LATEST` among them, which has an ARN of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export type RotatingFunctions = readonly string[] | { readonly allBut: TextList };

export interface ResponderScope {
  readonly place: AwsPlace;
  readonly prefix: string;
  readonly rotating: RotatingFunctions;
  readonly tableArn: string;
  /** Where reports go that it could not answer. */
  readonly queueArn: string;
}

/** Of the room that a role's policy has: so much for the functions, which is enough for about 60. */
const CHARACTERS_FOR_FUNCTIONS = 6_000;

/** All that the responder may do, besides writing its log (R9): the one thing that changes anything is to invoke. */
export function responderStatements(scope: ResponderScope): readonly PolicyStatement[] {
  const { place, tableArn } = scope;
  return [
    ...invokeRotatingFunctions(scope),
    { Sid: 'FindUsers', Effect: 'Allow', Action: 'dynamodb:Scan', Resource: tableArn },
    // CloudTrail's event history knows no resources.
    { Sid: 'WhoUsesKeys', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' },
    { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: scope.queueArn },
    tellEvents(place),
  ];
}

function invokeRotatingFunctions({ place, prefix, rotating }: ResponderScope): readonly PolicyStatement[] {
  const { partition, region, accountId } = place;
  const arnOf = (name: string): string => `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  const invoke = (Resource: readonly string[]): PolicyStatement => ({
    Sid: 'ReplaceLeakedKeys',
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource,
  });
  const allBut = (others: TextList): readonly PolicyStatement[] => [
    invoke([arnOf(functionName(prefix, '*'))]),
    { Sid: 'NoOtherFunctions', Effect: 'Deny', Action: 'lambda:InvokeFunction', Resource: others },
  ];
  if ('allBut' in rotating) return allBut(rotating.allBut);
  const each = rotating.map(arnOf);
  if (each.join().length <= CHARACTERS_FOR_FUNCTIONS) return [invoke(each)];
  // A user may be called as the delivery function where there is none.
  return allBut(
    otherFunctions(prefix)
      .filter((name) => !rotating.includes(name))
      .flatMap((name) => [arnOf(name), arnOf(`${name}:*`)]),
  );
}

/** The names of those of a stack that rotate no key. */
export const otherFunctions = (prefix: string): readonly string[] =>
  [retirementFunctionName, notificationFunctionName, respondFunctionName, deliveryFunctionName].map((name) =>
    name(prefix),
  );
