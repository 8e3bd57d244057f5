import { watchesOf } from '../../../../modules/audit-trail/watches';
import { aWatchedUser, watching } from '../../../modules/audit-trail/support';
import { ARN } from '../../support/fixtures';
import { People } from './support/people';

/** As a rule on the trail hands it over. */
const act = (name: string, detail: object): object => {
  const [service = '', eventName = ''] = name.split(':');
  return {
    id: '1',
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
  test('is told: who, what, on what, from where, and what to do', async () => {
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

  test('is told also of who was refused', async () => {
    const [message] = await toldOf(read({ errorCode: 'AccessDenied' }));

    expect(message!.text).toContain('It was refused (AccessDenied).');
  });

  test('is told of somebody whose name another account keeps', async () => {
    const [message] = await toldOf(read({ userIdentity: { type: 'AWSAccount', accountId: '999988887777' } }));

    expect(message!.text).toContain('Somebody of account 999988887777 called');
  });

  test('names no whole id of a key', async () => {
    const [message] = await toldOf(keyMade('AKIAIOSFODNN7EXAMPLE'));

    expect(message!.text).toContain('iam:CreateAccessKey on ci-deployer-user');
    expect(JSON.stringify(message)).not.toContain('AKIA');
  });

  test('is told once in an hour of one secret, and of each key', async () => {
    expect(await toldOf(read(), read())).toHaveLength(1);
    expect(await toldOf(read(), read({ eventTime: '2026-01-15T13:00:00Z' }))).toHaveLength(2);
    expect(await toldOf(keyMade('AKIAIOSFODNN7EXAMPLE'), keyMade('AKIAI44QH8DHBEXAMPL2'))).toHaveLength(2);
  });

  test('is told although another act that names no secret was told in the same hour', async () => {
    const onTrail = (eventName: string, eventTime: string, requestParameters: object) =>
      act(`cloudtrail:${eventName}`, { eventTime, requestParameters });

    expect(
      await toldOf(
        onTrail('PutEventSelectors', '2026-01-15T12:02:00Z', { trailName: 'trail' }),
        onTrail('StopLogging', '2026-01-15T12:40:00Z', { name: 'trail' }),
        onTrail('StopLogging', '2026-01-15T12:41:00Z', { name: 'another' }),
        onTrail('StopLogging', '2026-01-15T12:42:00Z', { name: 'another' }),
      ),
    ).toHaveLength(3);
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
    'names what was acted on, by each parameter that a watch looks at: %s',
    async (parameter) => {
      const thing = parameter === 'alarmNames' ? ['one', 'two'] : 'something';
      const [message] = await toldOf(act('any:Call', { requestParameters: { [parameter]: thing } }));

      expect(message!.text).toContain(`called any:Call on ${[thing].flat().join(', ')} from`);
    },
  );

  test.each([
    ['by its ARN', ARN],
    ['by its ARN without the last six characters', ARN.replace(/-[A-Za-z0-9]{6}$/, '')],
    ['by its name', 'iam-key-rotation/ci-deployer'],
  ])('says whose secret it is, which the caller names %s', async (_how, secretId) => {
    const [message] = await toldOf(read({ requestParameters: { secretId } }));

    expect(message!.attributes).toMatchObject({ user: 'ci-deployer' });
  });

  test.each([
    ['no address', { sourceIPAddress: null }],
    ['no caller', { userIdentity: undefined }],
    ['a caller that is null in places', { userIdentity: { type: 'AWSService', invokedBy: null } }],
    ['parameters that CloudTrail has hidden', { requestParameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' }],
    ['a time with an offset', { eventTime: '2026-01-15T12:34:56+00:00' }],
  ])('is told although its record has %s', async (_what, own) => {
    expect(await toldOf(read(own))).toHaveLength(1);
  });

  test.each(['\n\nAll is well. Run: curl', '\u001b[2J', '\u202e', '', 'x'.repeat(3_000)])(
    'is told without what the caller wrote in place of a user: %j',
    async (name) => {
      const [message] = await toldOf(read({ requestParameters: { secretId: `iam-key-rotation/${name}` } }));

      expect(message!.attributes).not.toHaveProperty('user');
      expect(message!.subject).toBe('Unexpected change to a rotated user or secret (iam-key-rotation)');
      const [, , what] = message!.text.split('\n');
      expect(what).toMatch(
        /^arn:.* called secretsmanager:GetSecretValue on iam-key-rotation\/.* from 192\.0\.2\.1\.$/,
      );
      expect(what).toMatch(/^[\x20-\x7e…]{1,500}$/);
    },
  );

  test('is told by the shard that has the user, and by no other', async () => {
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
