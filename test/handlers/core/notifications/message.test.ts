import { settingsOf } from '../../support/fixtures';
import { alarmState, findingBegan, keyPromoted, rotationFailed } from './support/events';
import { People } from './support/people';

const lastMessage = async (...events: unknown[]) => {
  const people = new People();
  for (const event of events) await people.hear(event);
  return people.topic.messages.at(-1)!;
};

describe('a message', () => {
  test('a message says who, what, since when, what to do, and where it is explained', async () => {
    expect(await lastMessage(findingBegan())).toEqual({
      subject: 'Unmanaged access key found (iam-key-rotation/ci-deployer)',
      text: `Unmanaged access key found: ci-deployer

Key ...MPLE was not made by iam-key-rotation.

A rotated user has a key that this product did not create. This product never changes the key. The key takes the slot that the next rotation needs.

First: Find out who created the key: look in CloudTrail (us-east-1) for \`CreateAccessKey\`. List the keys: \`aws iam list-access-keys --user-name ci-deployer-user\`. If nothing uses the key, delete it. If something uses it, add it to \`takeOver\` in \`rotation.yaml\`: it is then retired like a previous key.

User:    ci-deployer (IAM user ci-deployer-user, account 111122223333)
Owner:   platform-team
Key:     ...MPLE
Secret:  arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf
Since:   2026-01-15 11:00 UTC
Stack:   iam-key-rotation
Runbook: docs/runbook.md#unmanaged-key
`,
      attributes: {
        stack: 'iam-key-rotation',
        kind: 'unmanagedKey',
        phase: 'began',
        severity: 'warning',
        user: 'ci-deployer',
        owner: 'platform-team',
      },
    });
  });

  test('a message says of the end what ended it, and how long it was', async () => {
    const { text, attributes } = await lastMessage(
      rotationFailed(),
      keyPromoted({ at: '2026-01-15T14:30:00.000Z' }),
    );
    expect(text).toBe(`Over: Key rotation failed: ci-deployer

A new key, ...MPLE, was proved to work and is the current one.

User:    ci-deployer (IAM user ci-deployer-user, account 111122223333)
Owner:   platform-team
Secret:  arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf
Since:   2026-01-15 12:00 UTC
Over:    2026-01-15 14:30 UTC
Stack:   iam-key-rotation
Runbook: docs/runbook.md#rotation-failed
`);
    expect(attributes).toMatchObject({ phase: 'ended' });
  });

  test('a message of an alarm is the alarm’s description, with what CloudWatch says', async () => {
    const { text } = await lastMessage(alarmState('iam-key-rotation/sweep-failed', 'ALARM'));
    expect(text).toBe(`Retirement function failed

It means this.
First: do that.
CloudWatch says of iam-key-rotation/sweep-failed: Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold (0.0).

Since:   2026-01-15 12:00 UTC
Stack:   iam-key-rotation
Runbook: docs/runbook.md#sweep-failed
`);
  });

  test('a message of the heartbeat of a new stack says that it may be no fault', async () => {
    const name = 'iam-key-rotation/sweep-not-running';
    const { text } = await lastMessage(alarmState(name, 'ALARM', { previous: 'INSUFFICIENT_DATA' }));
    expect(text).toContain('If this stack was made within the last hour, all is well');
    expect((await lastMessage(alarmState(name, 'ALARM'))).text).not.toContain('within the last hour');
  });

  test('a message has a subject that SNS takes, also where the names are long', async () => {
    const people = new People();
    people.settings = settingsOf({ stableKey: 'x'.repeat(60) });
    await people.hear(rotationFailed({ user: 'x'.repeat(100) }));
    const [subject] = people.subjects;
    expect(subject).toHaveLength(100);
    expect(subject).toMatch(/^[ -~]+\.\.\.$/);
  });
});
