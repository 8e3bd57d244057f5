import { fact, type Assumption, type ByHand, type Check } from './assumption';
import * as events from './events';
import * as keys from './keys';
import * as permissions from './permissions';
import * as principals from './principals';
import * as records from './records';
import type { Part } from './resources';
import * as rotations from './rotations';
import * as values from './values';
import { WITNESS_PARTS } from './witness';

/*
 * Everything that this product rests on and that was never seen on a real AWS account: here, and nowhere else. The command
 * `verify-account` tries what it can; the tables of docs/safety.md and README.md are made from this list.
 */

const command = (run: Check['run'], ...makes: readonly Part[]): Check => ({ by: 'command', makes, run });

const patiently = (run: Check['run'], ...makes: readonly Part[]): Check => ({
  ...command(run, ...makes),
  isPatient: true,
});

const byHand = (needs: ByHand['needs'], why: string, how: string): ByHand => ({
  by: 'hand',
  needs,
  why,
  how,
});

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'new-key-works',
    sentence:
      'A new access key works within 2 minutes, is refused as unknown until then, and goes on working once it has worked three times in a row.',
    restsOnIt:
      'the proof of a key before it becomes current (R2): else an application may get a key that is refused',
    source: fact('F 2.6'),
    proof: command(keys.newKeyWorks, keys.NEW_KEY_USER),
  },
  {
    id: 'inactive-key-is-refused',
    sentence: 'A deactivated key is refused as unknown within a minute.',
    restsOnIt: 'the grace period, and `emergency` for a key that leaked: else such a key works on',
    source: fact('F 2.7'),
    proof: command(keys.inactiveKeyIsRefused, keys.INACTIVE_KEY_USER),
  },
  {
    id: 'listing-shows-keys',
    sentence: "IAM's listing shows a new key, and no longer a deleted one, within 60 seconds.",
    restsOnIt:
      'settling after a crash (R5): else a key that nobody knows would stay, or the wrong slot count as free',
    source: fact('F 2.2'),
    proof: command(keys.listingShowsKeys, keys.LISTED_KEY_USER),
  },
  {
    id: 'third-key-is-refused',
    sentence: 'IAM refuses a third access key with LimitExceeded.',
    restsOnIt: 'the rotation that is put off until a slot is free: else it fails as if something were broken',
    source: fact('F 2.1'),
    proof: command(keys.thirdKeyIsRefused, keys.THREE_KEYS_USER),
  },
  {
    id: 'last-use-is-shown',
    sentence:
      'GetAccessKeyLastUsed has no date for a key that was never used, and later the date of its use.',
    restsOnIt: 'the retirement, which holds a key that is still in use (R3)',
    source: fact('F 2.10'),
    proof: patiently(keys.lastUseIsShown, keys.LAST_USE_USER),
  },
  {
    id: 'first-version-is-current',
    sentence: 'The first value of a secret becomes AWSCURRENT, whatever label was asked for.',
    restsOnIt: 'the first key, which is proved before it is stored',
    source: fact('F 1.15'),
    proof: command(values.firstVersionIsCurrent, values.FIRST_VERSION_SECRET),
  },
  {
    id: 'new-value-can-be-read',
    sentence: 'A value can be read by its label within 20 seconds after it was stored.',
    restsOnIt:
      'the steps of a rotation, which read what the step before has stored: else they fail and are retried',
    source: fact('F 1.13'),
    proof: command(values.newValueCanBeRead, values.READ_LAG_SECRET),
  },
  {
    id: 'same-token-changes-nothing',
    sentence:
      'The same value under the same token changes nothing; another value is refused as ResourceExistsException.',
    restsOnIt: 'a step that is repeated (R5): else a key could be overwritten whose secret is nowhere else',
    source: fact('F 1.8'),
    proof: command(values.sameTokenChangesNothing, values.SAME_TOKEN_SECRET),
  },
  {
    id: 'label-moves-from-the-named-version',
    sentence:
      'A label moves only from the version that the caller names; AWSPREVIOUS follows; AWSPENDING can be taken off.',
    restsOnIt: 'the promotion of a key (R1): two processes can never both move AWSCURRENT',
    source: fact('F 1.9'),
    proof: command(values.labelsMoveFromTheNamedVersion, values.LABELS_SECRET),
  },
  {
    id: 'failed-rotation-is-retried',
    sentence:
      'Secrets Manager retries a failed rotation by itself, from createSecret on and with the same token.',
    restsOnIt: 'the recovery without a person (R5): the next try settles what the failed one left',
    source: fact('F 1.11'),
    proof: patiently(rotations.failedRotationIsRetried, rotations.RETRIED_SECRET, ...WITNESS_PARTS),
  },
  {
    id: 'incomplete-rotation-is-in-the-way',
    sentence:
      'While AWSPENDING is on the version of a failed rotation, another rotation is refused as InvalidRequestException.',
    restsOnIt: 'taking AWSPENDING off a token that cannot succeed: else that would not be needed',
    source: fact('F 1.10'),
    proof: command(rotations.incompleteRotationIsInTheWay, rotations.STUCK_SECRET, ...WITNESS_PARTS),
  },
  {
    id: 'without-pending-a-rotation-begins',
    sentence:
      'When AWSPENDING is taken off during a rotation that then fails, a new rotation begins with a token of its own.',
    restsOnIt: 'a rotation that was put off or abandoned: else no later one would ever begin',
    source: fact('F 1.12'),
    proof: patiently(rotations.withoutPendingARotationBegins, rotations.PENDING_OFF_SECRET, ...WITNESS_PARTS),
  },
  {
    id: 'test-runs-alone',
    sentence:
      'RotateImmediately=false runs testSecret alone, takes AWSPENDING off again and leaves AWSCURRENT where it is.',
    restsOnIt: 'every `apply` that configures a rotation: else it would make a key',
    source: fact('F 1.6'),
    proof: patiently(rotations.testRunsAlone, rotations.TEST_ALONE_SECRET, ...WITNESS_PARTS),
  },
  {
    id: 'failed-test-leaves-nothing',
    sentence: 'A testSecret of RotateImmediately=false that fails leaves no AWSPENDING.',
    restsOnIt: 'the first rotation after such a test: else it is refused until a person takes the label off',
    source: fact('F 1.6'),
    proof: patiently(rotations.failedTestLeavesNothing, rotations.FAILING_TEST_SECRET, ...WITNESS_PARTS),
  },
  {
    id: 'unknown-principal-is-refused',
    sentence:
      "A secret's policy with a role that does not exist is refused as MalformedPolicyDocumentException.",
    restsOnIt:
      'the rule that roles and users are values of a condition in these policies, and that an account under `readers` has to exist',
    source: fact('F 1.30'),
    proof: command(principals.unknownPrincipalIsRefused, principals.UNKNOWN_PRINCIPAL_SECRET),
  },
  {
    id: 'deleted-principal-becomes-an-id',
    sentence: "A secret's policy shows the unique id of a role that was deleted.",
    restsOnIt: 'what docs/upgrading.md says of invalid principals',
    source: fact('F 1.30'),
    proof: patiently(
      principals.deletedPrincipalBecomesAnId,
      principals.DELETED_PRINCIPAL_SECRET,
      principals.DELETED_PRINCIPAL_ROLE,
    ),
  },
  {
    id: 'get-function-leaves-tags-out',
    sentence: 'GetFunction leaves the tags out, without an error, for who may not list them.',
    restsOnIt: '`lambda:ListTags` in the policy of the deploying role: else each plan would show changes',
    source: fact('F 4.8'),
    proof: command(permissions.getFunctionLeavesTagsOut, permissions.TAGLESS_ROLE, ...WITNESS_PARTS),
  },
  {
    id: 'log-group-arn-with-star',
    sentence: 'A role that is allowed CreateLogGroup on the ARN with `:*` can make the log group.',
    restsOnIt: 'the policy of the deploying role: else the first `apply` with `auditTrail` is denied',
    source: fact('F 6.6'),
    proof: command(
      permissions.logGroupIsMadeByTheFormWithStar,
      permissions.LOG_GROUP_ROLE,
      permissions.MADE_LOG_GROUP,
    ),
  },
  {
    id: 'call-reaches-rule',
    sentence: 'A call on a secret reaches a rule of EventBridge where a trail is logging.',
    restsOnIt: 'the audit trail, which tells people of what others do to a secret',
    source: fact('F 5.4'),
    proof: patiently(events.callReachesRule, events.CALL_SECRET, events.CALL_RULE, ...WITNESS_PARTS),
  },
  {
    id: 'rotation-event-reaches-rule',
    sentence: 'RotationFailed reaches a rule of EventBridge where a trail is logging, and names the secret.',
    restsOnIt: 'the message to people of a rotation that failed before the function ran',
    source: fact('F 5.3'),
    proof: patiently(
      events.rotationReachesRule,
      events.ROTATION_SECRET,
      events.ROTATION_RULE,
      ...WITNESS_PARTS,
    ),
  },
  {
    id: 'iam-events-are-in-one-region',
    sentence: 'The events of IAM appear in one region of the partition, us-east-1 in the commercial one.',
    restsOnIt:
      'the rule that brings them to the region of the stack: else nobody hears of a key that somebody makes',
    source: fact('F 5.6'),
    proof: patiently(records.iamEventsAreInOneRegion, records.RECORDED_USER),
  },
  {
    id: 'selectors-name-the-trail',
    sentence: 'The record of PutEventSelectors has the trail in `requestParameters.trailName`.',
    restsOnIt: 'the watch over the trail: else nobody hears that it was blinded',
    source: fact('F 5.9'),
    proof: patiently(records.selectorsNameTheTrail),
  },
  {
    id: 'schedule-is-named',
    sentence: 'The record of DeleteSchedule has the schedule in `requestParameters.name` or `.Name`.',
    restsOnIt: 'the watch over the schedule of the retirement: else nobody hears that it is gone',
    source: fact('F 7.2'),
    proof: patiently(records.scheduleIsNamed),
  },
  {
    id: 'function-is-named',
    sentence: 'The record of a call with a partial ARN has the name of the function, or its whole ARN.',
    restsOnIt: 'the watch over the code of the functions: else a partial ARN goes around it',
    source: fact('F 7.2'),
    proof: patiently(records.functionIsNamed),
  },
  {
    id: 'retries-go-on',
    sentence:
      'Secrets Manager goes on retrying a failed rotation for hours, and begins anew with the next date of the schedule.',
    restsOnIt: 'PENDING_KEY_LIFETIME: a key that has waited for a day does not become current any more',
    source: fact('F 1.11'),
    proof: byHand(
      'two days',
      'the retries may go on for hours',
      "deny the function's role `iam:CreateAccessKey`, rotate, and read the function's log after two days: every try has step and token",
    ),
  },
  {
    id: 'last-use-within-hours',
    sentence: 'GetAccessKeyLastUsed shows a use within hours, well within the overlap.',
    restsOnIt: 'the retirement, which deactivates a key that seems unused (R3)',
    source: fact('F 2.10'),
    proof: byHand('two days', 'it may take hours', 'use a key once, and ask every five minutes'),
  },
  {
    id: 'no-frozen-connections',
    sentence: 'No change of a key goes over a connection that died while the function was frozen.',
    restsOnIt: 'changes of keys, which are sent once: else a step fails, and is made again by the next try',
    source: fact('F 4.10'),
    proof: byHand(
      'two days',
      'Lambda freezes a function when it likes, for minutes to hours',
      'leave a stack alone for two days, with a rotation on each, and look for "got no clear answer" in the logs of its functions',
    ),
  },
  {
    id: 'reads-of-copies',
    sentence: 'A read of a copy in another region appears in the events of that region alone.',
    restsOnIt: 'the audit trail, which therefore does not watch such reads',
    source: fact('F 1.23'),
    proof: byHand(
      'another region',
      'the account may not allow a second region, and a copy there would outlive a command that was killed',
      '`aws secretsmanager replicate-secret-to-regions`, read the copy, and `aws cloudtrail lookup-events` in both regions',
    ),
  },
  {
    id: 'chat-shows-messages',
    sentence:
      'Amazon Q Developer subscribes by https, and shows custom notifications that are as long as ours, each fault in one thread.',
    restsOnIt: 'stacks with `alerts: { format: chat }`: else their channel hears of nothing',
    source: fact('F 16.2'),
    proof: byHand(
      'a channel of a chat',
      'only a person in Slack or Microsoft Teams sees what is shown',
      'have a channel hear a topic (docs/notifications.md), `aws cloudwatch set-alarm-state` to ALARM, and wait for the end, too',
    ),
  },
  {
    id: 'other-partitions',
    sentence: 'In China, GovCloud and the European Sovereign Cloud all of this holds, too.',
    restsOnIt: 'ARNs, endpoints and `kms:ViaService` of a stack there',
    source: fact('F 5.6'),
    proof: byHand(
      'another partition',
      'each partition has accounts of its own',
      'run this command, and a stack with a customer key and one reader, in an account of that partition',
    ),
  },
  {
    id: 'deploy-policies-are-enough',
    sentence:
      'The policies in examples/pipelines are enough for plan, apply and destroy, and the second plan is empty.',
    restsOnIt: 'every pipeline that follows docs/pipelines.md',
    source: fact('F 4.8'),
    proof: byHand(
      'Terraform',
      'it is Terraform that makes the calls',
      'apply the example with `auditTrail: create` as a role with these two policies alone, plan again, destroy',
    ),
  },
  {
    id: 'newest-provider',
    sentence: 'A newer AWS provider than the tested one plans and applies without a change.',
    restsOnIt: 'stacks without `providerVersion`',
    source: fact('F 8.1'),
    proof: byHand(
      'Terraform',
      'it is Terraform that chooses the provider',
      'apply the example with the tested provider, then `terraform init -upgrade` and `terraform plan` with the newest one',
    ),
  },
];
