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

First: Find out who created the key: look in CloudTrail (us-east-1) for \`CreateAccessKey\`. List the keys: \`aws iam list-access-keys --user-name ci-deployer-user\`. If nothing uses the key, delete it. If something uses it, add it to \`takeOver\` in \`rotation.yaml\`: it is then retired like a previous key. If it comes again, another Terraform configuration has an \`aws_iam_access_key\` of the user: have that forget it.

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

  test('a message of an alarm is what the fault means, with what CloudWatch says, and nothing that the alarm says itself', async () => {
    const { text } = await lastMessage(alarmState('iam-key-rotation/sweep-failed', 'ALARM'));
    expect(text).toBe(`Retirement function failed

CloudWatch says of iam-key-rotation/sweep-failed: "Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold (0.0)."

A run of the retirement function ended with an error or a time-out. The next run, within the hour, continues where this one stopped.

First: Read the log group \`/aws/lambda/iam-key-rotation-retire\`, from the last error upwards. Run \`terraform plan\`: it shows a missing permission or table.

Since:   2026-01-15 12:00 UTC
Stack:   iam-key-rotation
Runbook: docs/runbook.md#sweep-failed
`);
  });

  test('a message of a new stack is no alarm, and says what to expect', async () => {
    const people = new People();
    people.hasSwept = false;
    await people.hear(
      alarmState('iam-key-rotation/sweep-not-running', 'ALARM', { previous: 'INSUFFICIENT_DATA' }),
    );
    await people.hear(
      alarmState('iam-key-rotation/sweep-not-running', 'OK', { timestamp: '2026-01-15T12:20:00.000+0000' }),
    );
    const [first, second] = people.topic.messages;
    expect(first!.subject).toBe('Messages of a new stack reach you (iam-key-rotation)');
    expect(first!.attributes).toMatchObject({ kind: 'sweepNotRunning', severity: 'warning' });
    expect(first!.text).toContain('Nothing is wrong.');
    expect(first!.text).toContain('comes that begins with "Over: Retirement function does not run".');
    expect(first!.text).toContain('If none has come after two hours: Check that the schedule is ENABLED');
    expect(second!.subject).toBe('Over: Retirement function does not run (iam-key-rotation)');
  });

  test.each<[string, boolean | Error, string]>([
    ['that was there before its alarm', true, 'INSUFFICIENT_DATA'],
    ['of which nobody can read whether it is new', new Error('no network'), 'INSUFFICIENT_DATA'],
    ['whose alarm has seen runs', false, 'OK'],
  ])('a message of a stack %s is the alarm', async (_what, hasSwept, previous) => {
    const people = new People();
    people.hasSwept = hasSwept;
    await people.hear(alarmState('iam-key-rotation/sweep-not-running', 'ALARM', { previous }));
    expect(people.subjects).toEqual(['Retirement function does not run (iam-key-rotation)']);
    expect(people.topic.messages[0]!.attributes).toMatchObject({ severity: 'critical' });
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
