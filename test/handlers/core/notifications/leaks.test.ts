import { journalWith, settingsOf } from '../../support/fixtures';
import { ours } from './support/events';
import { People } from './support/people';
import { readEvent } from '../../../../handlers/core/notifications/read-event';

const PLACE = {
  ...{ accountId: '111122223333', stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation' },
  ...{ sharded: false, runbookUrl: 'docs/runbook.md' },
};
const EVENT = { id: 'one', account: '111122223333', time: '2026-11-29T12:00:00Z' };

const health = (entityValue: string, account = '111122223333') => ({
  ...{ ...EVENT, account, source: 'aws.health', 'detail-type': 'AWS Health Event' },
  detail: {
    ...{
      service: 'RISK',
      eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
      eventArn: 'arn:aws:health:::event/1',
    },
    affectedEntities: [{ entityValue }],
  },
});

it('with onLeak: notify people hear of the key that AWS names, by its last four characters', () => {
  const { reports } = readEvent(health('AKIAMMMMMMMM1EXAMPLE'), PLACE);
  expect(reports).toMatchObject([
    {
      phase: 'began',
      kind: 'leakReported',
      user: undefined,
      keyIdSuffix: 'MPLE',
      at: Date.parse(EVENT.time),
    },
  ]);
  expect(JSON.stringify(reports)).not.toContain('AKIAMMMM');
});

it('a user that AWS puts into quarantine is named; the same report twice is about one fault', () => {
  const detail = {
    ...{ eventName: 'AttachUserPolicy', eventTime: '2026-11-29T11:59:00Z', eventSource: 'iam.amazonaws.com' },
    requestParameters: { userName: 'ci', policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV4' },
  };
  const attached = { ...EVENT, source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail };
  const [report] = readEvent(attached, PLACE).reports;
  expect(report).toMatchObject({ kind: 'leakReported' });
  expect(report!.what).toContain('a key of IAM user ci');
  expect(readEvent({ ...attached, id: 'two' }, PLACE).reports[0]!.report).toBe(report!.report);
});

it('a report of another account is told to nobody', () => {
  expect(() => readEvent(health('AKIAMMMMMMMM1EXAMPLE', '444455556666'), PLACE)).toThrow(
    'of another account',
  );
});

/** Of a user whose stable key is its name, as it is by default. */
const quarantine = (userName: string) => ({
  ...{ ...EVENT, source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail' },
  detail: {
    ...{ eventName: 'AttachUserPolicy', eventTime: '2026-01-15T11:59:00Z', eventSource: 'iam.amazonaws.com' },
    requestParameters: { userName, policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV4' },
  },
});

describe('the message with onLeak: notify', () => {
  let people: People;
  const told = (): string => people.topic.messages[0]!.text;
  beforeEach(() => {
    people = new People();
  });

  it('says what leaked and since when, what was done, what stays denied, who used it, and what to do in which order', async () => {
    await people.hear(health('AKIAMMMMMMMM1EXAMPLE'));
    const said = [
      'AWS reports key ...MPLE as exposed since 2026-11-29T12:00:00.000Z (AWS_RISK_CREDENTIALS_EXPOSED)',
      'Nothing was done',
      'what it denies stays denied',
      'Who used the key since then is not looked up',
      'aws iam get-access-key-last-used --access-key-id <key id>',
      'npx iam-key-rotation emergency --prefix iam-key-rotation --user <user> --leaked <key id>',
      'npx iam-key-rotation who-uses --prefix iam-key-rotation --days 90 <key id>',
      'Take the key out of the public place',
      'support case that AWS opened',
    ];
    const places = said.map((text) => told().indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(told()).not.toContain('AKIAMMMM');
  });

  it('has the rotated user that AWS names in its subject and its commands, and the keys that may be the one', async () => {
    people.settings = settingsOf({ userName: 'ci-deployer', owner: 'platform-team' });
    people.journal = journalWith({
      current: { keyId: 'AKIAMMMMMMMM2EXAMPLE', versionId: 'version-2', since: 0 },
      previous: [{ keyId: 'AKIAMMMMMMMM1EXAMPLE', origin: 'takenOver', replacedAt: 0, phase: 'deactivated' }],
    });
    await people.hear(quarantine('ci-deployer'));
    expect(people.topic.messages[0]).toMatchObject({
      subject: 'AWS reports a leaked access key (iam-key-rotation/ci-deployer)',
      attributes: { user: 'ci-deployer', owner: 'platform-team' },
    });
    expect(told()).toContain(
      'It is the rotated user ci-deployer. It may be any of its keys: ...MPLE (current), ...MPLE (retired).',
    );
    expect(told()).toContain('emergency --prefix iam-key-rotation --user ci-deployer --leaked <key id>');
    expect(told()).not.toContain('AKIAMMMM');
  });

  it('has the name of a user that is not rotated in its commands, where it is a name', async () => {
    people.settings = undefined;
    await people.hear(quarantine('somebody@example.com'));
    await people.hear({ ...quarantine('x; rm -r /'), id: 'two' });
    expect(people.topic.messages.map(({ attributes }) => attributes['user'])).toEqual([undefined, undefined]);
    expect(told()).toContain(
      'update-access-key --user-name somebody@example.com --access-key-id <key id> --status Inactive',
    );
    expect(people.topic.messages[1]!.text).toContain('update-access-key --user-name <IAM user>');
  });

  it('is not about a rotated user of which another IAM user has the stable key for its name', async () => {
    people.settings = settingsOf({ userName: 'ci-deployer-user' });
    await people.hear(quarantine('ci-deployer'));
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('user');
    expect(told()).not.toContain('rotated user ci-deployer.');
  });

  it('is sent once, and without the user, where the table cannot be read', async () => {
    people.settings = new Error('DynamoDB is down');
    await expect(people.hear(quarantine('ci-deployer'))).resolves.toEqual(['sent']);
    people.settings = settingsOf({ userName: 'ci-deployer' });
    await expect(people.hear({ ...quarantine('ci-deployer'), id: 'two' })).resolves.toEqual(['alreadySent']);
    expect(told()).toContain('a key of IAM user ci-deployer');
  });
});

it.each([
  ['overAlready', 'a person made it Active again'],
  ['deactivated', 'or deleted if it had not been current yet'],
])('of a leak that was answered with %s no message says more than is certain', (outcome, said) => {
  const detail = {
    ...{ keyIdSuffix: 'MPLE', code: 'AWS_RISK_CREDENTIALS_EXPOSED', reportId: 'one' },
    outcome,
  };
  const { reports } = readEvent(ours('Leak Reported', detail), PLACE);
  expect(reports[0]!.what).toContain(said);
});
