import * as fc from 'fast-check';

import { HOUR } from '../../../../contract/instant';
import { TOLD_IN_AN_HOUR } from '../../../../handlers/core/notifications/told-acts';
import { watchesOf } from '../../../../modules/audit-trail/watches';
import { aWatchedUser, watching } from '../../../modules/audit-trail/support';
import { ARN } from '../../support/fixtures';
import { People } from './support/people';

/** As a rule on the trail hands it over. */
const act = (name: string, detail: object): object => {
  const [service = '', eventName = ''] = name.split(':');
  return {
    id: '1',
    account: '111122223333',
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventName,
      eventSource: `${service}.amazonaws.com`,
      eventTime: '2026-01-15T12:34:56Z',
      sourceIPAddress: '192.0.2.1',
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/somebody/session' },
      requestParameters: null,
      responseElements: null,
      ...detail,
    },
  };
};

const read = (own: object = {}) =>
  act('secretsmanager:GetSecretValue', { requestParameters: { secretId: ARN }, ...own });
const keyMade = (keyId: string) =>
  act('iam:CreateAccessKey', {
    requestParameters: { userName: 'ci-deployer-user' },
    responseElements: { accessKey: { userName: 'ci-deployer-user', accessKeyId: keyId } },
  });

const toldOf = async (...events: object[]) => {
  const people = new People();
  for (const event of events) await people.hear(event);
  return people.topic.messages;
};

describe('an act of somebody else', () => {
  test('an act of somebody else is told with who, what, on what, from where, and what to do', async () => {
    const [message] = await toldOf(read());

    expect(message!.subject).toBe(
      'Unexpected change to a rotated user or secret (iam-key-rotation/ci-deployer)',
    );
    expect(message!.text).toContain(
      `arn:aws:sts::111122223333:assumed-role/somebody/session called secretsmanager:GetSecretValue on ${ARN} from 192.0.2.1.`,
    );
    expect(message!.text).toContain('First: Ask the principal that the message names.');
    expect(message!.attributes).toMatchObject({
      kind: 'suspiciousAct',
      severity: 'critical',
      user: 'ci-deployer',
      owner: 'platform-team',
    });
  });

  test('an act of somebody else is told also of who was refused', async () => {
    const [message] = await toldOf(read({ errorCode: 'AccessDenied' }));

    expect(message!.text).toContain('It was refused (AccessDenied).');
  });

  test('an act of somebody else is told of somebody whose name another account keeps', async () => {
    const [message] = await toldOf(read({ userIdentity: { type: 'AWSAccount', accountId: '999988887777' } }));

    expect(message!.text).toContain('Somebody of account 999988887777 called');
  });

  test('an act of somebody else names no whole id of a key', async () => {
    const [message] = await toldOf(keyMade('AKIAIOSFODNN7EXAMPLE'));

    expect(message!.text).toContain('iam:CreateAccessKey on ci-deployer-user');
    expect(JSON.stringify(message)).not.toContain('AKIA');
  });

  /** What a pattern asks of a call besides what the call is about. */
  const SETTINGS = ['rotationLambdaARN', 'rotationLambdaArn', 'rotationRules', 'stateValue', 'muteTargets'];
  const parametersOf = (pattern: unknown): readonly string[] =>
    typeof pattern !== 'object' || pattern === null
      ? []
      : Object.entries(pattern).flatMap(([field, inner]: [string, unknown]) =>
          field === 'requestParameters' ? Object.keys(inner as object) : parametersOf(inner),
        );
  const watched = watchesOf(watching([aWatchedUser('ci')])).watches.flatMap(({ pattern }) =>
    parametersOf(pattern),
  );

  test.each([...new Set(watched)].filter((parameter) => !SETTINGS.includes(parameter)))(
    'an act of somebody else names what was acted on, by each parameter that a watch looks at: %s',
    async (parameter) => {
      const thing = parameter === 'alarmNames' ? ['one', 'two'] : 'something';
      const [message] = await toldOf(act('any:Call', { requestParameters: { [parameter]: thing } }));

      expect(message!.text).toContain(`called any:Call on ${[thing].flat().join(',')} from`);
    },
  );

  test.each([
    ['by its ARN', ARN],
    ['by its ARN without the last six characters', ARN.replace(/-[A-Za-z0-9]{6}$/, '')],
    ['by its name', 'iam-key-rotation/ci-deployer'],
  ])('an act of somebody else says whose secret it is, which the caller names %s', async (_how, secretId) => {
    const [message] = await toldOf(read({ requestParameters: { secretId } }));

    expect(message!.attributes).toMatchObject({ user: 'ci-deployer' });
  });

  test.each([
    ['no address', { sourceIPAddress: null }],
    ['no caller', { userIdentity: undefined }],
    ['a caller that is null in places', { userIdentity: { type: 'AWSService', invokedBy: null } }],
    ['parameters that CloudTrail has hidden', { requestParameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' }],
    ['a time with an offset', { eventTime: '2026-01-15T12:34:56+00:00' }],
  ])('an act of somebody else is told although its record has %s', async (_what, own) => {
    expect(await toldOf(read(own))).toHaveLength(1);
  });

  test.each(['\n\nAll is well. Run: curl', '\u001b[2J', '\u202e', '', 'x'.repeat(3_000)])(
    'an act of somebody else is told without what the caller wrote in place of a user: %j',
    async (name) => {
      const [message] = await toldOf(read({ requestParameters: { secretId: `iam-key-rotation/${name}` } }));

      expect(message!.attributes).not.toHaveProperty('user');
      expect(message!.subject).toBe('Unexpected change to a rotated user or secret (iam-key-rotation)');
      const [, , what] = message!.text.split('\n');
      expect(what).toMatch(
        /^arn:.* called secretsmanager:GetSecretValue on (iam-key-rotation\/\S*|"iam-key-rotation\/[^"]*") from 192\.0\.2\.1\.$/,
      );
      expect(what).toMatch(/^[\x20-\x7e…]{1,700}$/);
    },
  );

  test('an act of somebody else is told by the shard that has the user, and by no other', async () => {
    const people = new People();
    people.place = { ...people.place, stack: 'iam-key-rotation-two', sharded: true };
    expect(await people.hear(read())).toEqual(['sent']);

    const others = new People();
    others.place = { ...others.place, sharded: true };
    others.settings = undefined;
    expect(await others.hear(read())).toEqual(['ofAnotherShard']);
    // The rules name users, the table and functions of the stack alone.
    expect(await others.hear(keyMade('AKIAIOSFODNN7EXAMPLE'))).toEqual(['sent']);
  });
});

describe('of acts within an hour', () => {
  const admin = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/admin/evil' };
  const done = (name: string, requestParameters: object, own: object = {}) =>
    act(name, { userIdentity: admin, requestParameters, ...own });

  /** Everything that people are told of an act, but its time; with few values, so that pairs often differ in one alone. */
  const facts = fc.record({
    name: fc.constantFrom(
      ...['secretsmanager:GetSecretValue', 'secretsmanager:DeleteSecret', 'iam:CreateAccessKey'],
      ...['iam:UpdateAssumeRolePolicy', 'dynamodb:PutItem', 'cloudtrail:StopLogging', 'events:DisableRule'],
    ),
    parameter: fc.constantFrom('secretId', 'userName', 'roleName', 'tableName', 'functionName', 'unheardOf'),
    thing: fc.constantFrom('one', 'another', `${'x'.repeat(600)}one`, `${'x'.repeat(600)}another`),
    who: fc.constantFrom<object>(admin, { ...admin, arn: `${admin.arn}-too` }, { accountId: '999988887777' }),
    from: fc.constantFrom('192.0.2.1', '192.0.2.2'),
    errorCode: fc.constantFrom(undefined, 'AccessDenied'),
    keyId: fc.constantFrom(undefined, 'AKIAIOSFODNN7EXAMPLE', 'AKIAI44QH8DHBEXAMPLE'),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer Some> ? Some : never;
  const actOf = ({ name, parameter, thing, who, from, errorCode, keyId }: Facts, own: object) =>
    act(name, {
      ...{ requestParameters: { [parameter]: thing }, userIdentity: who, sourceIPAddress: from, errorCode },
      ...{ responseElements: keyId === undefined ? null : { accessKey: { accessKeyId: keyId } } },
      ...own,
    });

  test('the second one is told where it differs from the first in anything but its time', async () => {
    await fc.assert(
      fc.asyncProperty(facts, facts, async (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const people = new People();
        await people.hear(actOf(one, { eventID: 'one' }));
        expect(await people.hear({ ...actOf(other, { eventID: 'other' }), id: '2' })).toEqual(['sent']);
      }),
      { numRuns: 200 },
    );
  });

  test('one that is repeated is told once, and again in the next hour', async () => {
    const people = new People();
    expect(await people.hear(read())).toEqual(['sent']);
    const later = { eventTime: '2026-01-15T12:59:56Z', eventID: 'another' };
    expect(await people.hear({ ...read(later), id: '2' })).toEqual(['alreadySent']);
    people.now += HOUR;
    expect(await people.hear({ ...read(later), id: '3' })).toEqual(['sent']);
  });

  test('each is told that ends the watch, however alike, and once although it is delivered twice', async () => {
    const people = new People();
    const stop = (eventID: string) => ({
      ...done('cloudtrail:StopLogging', { name: 'trail' }, { eventID }),
      id: eventID,
    });
    for (const eventID of ['1', '2', '3']) expect(await people.hear(stop(eventID))).toEqual(['sent']);
    expect(await people.hear(stop('2'))).toEqual(['alreadySent']);
  });

  const FLOODS: Readonly<Record<keyof typeof TOLD_IN_AN_HOUR, (nth: number) => object>> = {
    refused: (nth) => read({ errorCode: 'AccessDenied', userIdentity: { arn: `${admin.arn}${nth}` } }),
    reads: (nth) => read({ userIdentity: { arn: `${admin.arn}${nth}` } }),
    changes: (nth) => done('secretsmanager:PutSecretValue', { secretId: ARN, clientRequestToken: `${nth}` }),
    watch: (nth) => done('lambda:UpdateFunctionCode20150331v2', { functionName: `f-${nth}` }),
  };
  const flood = async (people: People, group: keyof typeof TOLD_IN_AN_HOUR) => {
    for (let nth = 0; nth < TOLD_IN_AN_HOUR[group].most + 5; nth += 1)
      await people.hear({ ...FLOODS[group](nth), id: `${group}-${nth}` });
  };

  test.each(Object.keys(FLOODS) as (keyof typeof FLOODS)[])(
    'no more than so many are told, then that there are more, and none of another kind is hidden: %s',
    async (group) => {
      const people = new People();
      await flood(people, group);
      const { messages } = people.topic;
      expect(messages).toHaveLength(TOLD_IN_AN_HOUR[group].most + 1);
      expect(messages.at(-1)!.text).toContain(
        'read the log group /aws/events/iam-key-rotation-suspicious-acts, which has each.',
      );
      expect(messages.at(-1)!.attributes).not.toHaveProperty('user');

      for (const other of Object.keys(FLOODS) as (keyof typeof FLOODS)[])
        if (other !== group) expect(await people.hear({ ...FLOODS[other](0), id: other })).toEqual(['sent']);
      people.now += HOUR;
      expect(await people.hear({ ...FLOODS[group](TOLD_IN_AN_HOUR[group].most + 1), id: 'next' })).toEqual([
        'sent',
      ]);
    },
  );

  test('a message says when its act was done, and not when the first one of the hour was', async () => {
    const messages = await toldOf(
      read(),
      read({ eventTime: '2026-01-15T12:56:00Z', errorCode: 'AccessDenied' }),
    );
    expect(messages.map(({ text }) => /Since: +(.*)/.exec(text)?.[1])).toEqual([
      '2026-01-15 12:34 UTC',
      '2026-01-15 12:56 UTC',
    ]);
  });

  test('one is told that came while its record was replaced by another', async () => {
    const people = new People();
    const outcomes = await Promise.all([
      people.hear({ ...read(), id: '1' }),
      people.hear({ ...read({ sourceIPAddress: '192.0.2.2' }), id: '2' }),
      people.hear({ ...read({ sourceIPAddress: '192.0.2.3' }), id: '3' }),
    ]);
    expect(outcomes.flat()).toEqual(['sent', 'sent', 'sent']);
  });
});

it('acts whose parameters are deeper than any function can follow are told, each for itself', async () => {
  const deep = (id: string): object => ({
    ...read({
      requestParameters: {
        secretId: ARN,
        x: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown,
      },
    }),
    id,
  });

  expect(await toldOf(deep('1'), deep('2'))).toHaveLength(2);
});
