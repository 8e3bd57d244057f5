import * as fc from 'fast-check';

import { functionEventSchema } from '../../contract/function-events';
import { UnknownEventError } from '../../handlers/core/notifications/read-event';
import { parseInput } from '../../handlers/deliver-access-keys/parse-input';
import { parseReport } from '../../handlers/respond-to-leaks/parse-report';
import { parseEvent } from '../../handlers/rotate-access-key/parse-event';
import { stableKeyOf } from '../../handlers/rotate-access-key/stable-key';
import * as events from '../handlers/core/notifications/support/events';
import { People } from '../handlers/core/notifications/support/people';
import { ARN, secretText } from '../handlers/support/fixtures';
import { damaged, hostileTexts, hostileValues, outcomeOf, UNSEEN } from './support/hostile';

/* Whoever may invoke a function, or put events on the bus, sends it what he likes. */

const SECRET = secretText();

describe('The rotation function', () => {
  const templates = [
    { Step: 'createSecret', SecretId: ARN, ClientRequestToken: 'x'.repeat(36), RotationToken: SECRET },
    { Step: 'firstKey', SecretId: ARN, UserId: 'AIDAEXAMPLE' },
    { Step: 'guardRemoval', SecretId: ARN, Announced: false, tf: { action: 'delete', prev_input: null } },
    { Step: 'replaceLeakedKey', SecretId: ARN, LeakedKeyId: 'AKIAIOSFODNN7EXAMPLE' },
  ];

  it('takes an event for one that it knows, or refuses it, and never shows a RotationToken', async () => {
    const anyEvent = fc.oneof(...templates.map(damaged), hostileValues);
    await fc.assert(
      fc.asyncProperty(anyEvent, async (event) => {
        await outcomeOf(
          () => {
            const parsed = parseEvent(functionEventSchema, event);
            return stableKeyOf(parsed.SecretId, 'iam-key-rotation', 'ci-deployer');
          },
          { errors: [Error], secrets: [SECRET] },
        );
      }),
      { numRuns: 150 },
    );
  });

  it('works on no secret but that of its user, whatever it is called', async () => {
    await fc.assert(
      fc.asyncProperty(hostileTexts, hostileTexts, async (name, ending) => {
        const outcome = await outcomeOf(
          () => stableKeyOf(`${ARN.slice(0, -18)}${name}${ending}`, 'iam-key-rotation', 'ci-deployer'),
          { errors: [Error] },
        );
        if ('value' in outcome) expect(outcome.value).toBe('ci-deployer');
      }),
      { numRuns: 200 },
    );
  });
});

it('the delivery function takes an event for one that it knows, or refuses it', async () => {
  const templates = [
    { deliver: 'all' },
    events.keyPromoted(),
    {
      ...events.ours('Secret Label Updated'),
      ...{ source: 'aws.secretsmanager', resources: [ARN] },
    },
  ];
  await fc.assert(
    fc.asyncProperty(fc.oneof(...templates.map(damaged), hostileValues), async (event) => {
      await outcomeOf(() => parseInput(event, 'iam-key-rotation'), { errors: [Error] });
    }),
    { numRuns: 150 },
  );
});

it('the responder takes an event for a report of its account, or refuses it', async () => {
  const health = {
    ...{ id: 'one', source: 'aws.health', account: '111122223333', 'detail-type': 'AWS Health Event' },
    detail: {
      ...{ service: 'RISK', eventTypeCode: 'AWS_RISK_IAM_QUARANTINE', eventArn: 'arn:x', startTime: 'x' },
      affectedEntities: [{ entityValue: 'AKIAMMMMMMMM1EXAMPLE' }],
    },
  };
  const quarantine = {
    ...{
      id: 'two',
      source: 'aws.iam',
      account: '111122223333',
      'detail-type': 'AWS API Call via CloudTrail',
    },
    detail: {
      ...{ eventName: 'AttachUserPolicy', eventTime: '2026-01-15T12:00:00Z', eventID: 'x' },
      requestParameters: {
        userName: 'ci-deployer',
        policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3',
      },
    },
  };
  const drill = {
    ...{
      id: 'three',
      source: 'iam-key-rotation.drill',
      account: '111122223333',
      'detail-type': 'Leak Drill',
    },
    detail: { stack: 'iam-key-rotation', keyId: 'AKIAMMMMMMMM1EXAMPLE', at: '2026-11-29T12:00:00Z' },
  };
  const PLACE = { accountId: '111122223333', stack: 'iam-key-rotation' };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(damaged(health), damaged(quarantine), damaged(drill), hostileValues),
      async (event) => {
        const outcome = await outcomeOf(() => parseReport(event, PLACE, 0), { errors: [Error] });
        if ('error' in outcome) return;
        expect(outcome.value.keyIds.every((id) => /^A[A-Z0-9]{15,127}$/.test(id))).toBe(true);
        expect(Number.isSafeInteger(outcome.value.at)).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

describe('The notification function', () => {
  const call = (eventName: string, requestParameters: object) => ({
    ...events.ours('AWS API Call via CloudTrail'),
    source: 'aws.secretsmanager',
    detail: {
      ...{ eventName, eventSource: 'secretsmanager.amazonaws.com', eventTime: '2026-01-15T12:00:00Z' },
      ...{
        requestParameters,
        responseElements: null,
        sourceIPAddress: '192.0.2.1',
        errorCode: 'AccessDenied',
      },
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/somebody/session' },
    },
  });
  const templates = [
    events.rotationFailed(),
    events.keyPromoted(),
    events.keysLeftBehind(),
    events.findingBegan(),
    events.findingEnded(),
    events.alarmState('iam-key-rotation/sweep-failed', 'ALARM'),
    call('GetSecretValue', { secretId: ARN }),
    call('DeleteAlarms', { alarmNames: ['a', 'b'] }),
    events.secretsManagerEvent('RotationFailed', ARN, 'It failed.'),
  ];

  it.each(['mail', 'chat'] as const)(
    'tells people of an event in lines of its own, or refuses it (%s)',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(...templates.map(damaged), hostileValues), async (event) => {
          const people = new People();
          people.place = { ...people.place, ...(format === 'chat' ? { format } : {}) };
          await outcomeOf(() => people.hearForged(event), { errors: [UnknownEventError] });
          for (const { subject, text, chat } of people.topic.messages) {
            expect(subject).toMatch(/^[ -~]{1,100}$/);
            // What others wrote begins no line, and is nothing to a terminal.
            expect(text).not.toMatch(/^First: run this/m);
            expect(text).not.toMatch(UNSEEN);
            if (chat !== undefined) expect(JSON.stringify(JSON.parse(chat))).not.toMatch(/<!|<@|\]\(http/);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});
