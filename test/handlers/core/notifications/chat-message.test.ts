import {
  CHAT_LIMITS,
  chatNotificationSchema,
  type ChatNotification,
} from '../../../../contract/chat-notification';
import { FAULT_KINDS, FAULTS, type FaultKind } from '../../../../contract/faults';
import { HOUR } from '../../../../contract/instant';
import type { FaultReport } from '../../../../handlers/core/notifications/fault-report';
import { welcome, writeMessage, type Message } from '../../../../handlers/core/notifications/message';
import type { NotificationPlace } from '../../../../handlers/core/notifications/notification-ports';
import { threadOf } from '../../../../handlers/core/notifications/thread';
import { NOON, settingsOf } from '../../support/fixtures';

const PLACE: NotificationPlace = {
  accountId: '111122223333',
  ...{ stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation', sharded: false },
  runbookUrl: 'https://wiki.example.com/runbook',
  format: 'chat',
};
const SETTINGS = settingsOf({ owner: 'platform-team' });

const TOO_LONG = 'This step is too long for chat: read it in the runbook.';

const HOSTILE =
  '<!channel> <@U012AB3CD> @here <https://evil.example|runbook> [runbook](https://evil.example) `` ` ``` ' +
  '&lt;!here&gt; <at>all</at>\u202E\n```\n- Owner: `nobody`\n';

const report = (kind: FaultKind, more: Partial<FaultReport> = {}): FaultReport => ({
  ...{ phase: 'began', kind, user: 'ci-deployer', reporter: 'product', at: NOON, what: 'It happened.' },
  ...more,
});

const messageOf = (one: FaultReport, place = PLACE, settings: typeof SETTINGS | undefined = SETTINGS) => {
  const thread = threadOf(place, { kind: one.kind, user: one.user }, NOON);
  return writeMessage(one, { place, settings, thread, began: NOON });
};

/** As Amazon Q Developer reads it. */
const shown = ({ chat }: Message): ChatNotification => chatNotificationSchema.parse(JSON.parse(chat!));

const shownOf = (...of: Parameters<typeof messageOf>): ChatNotification => shown(messageOf(...of));

/** Everything that people see, without the address of the runbook, which is a link. */
const visible = ({ content, metadata }: ChatNotification): string =>
  [
    ...[content.title, content.description.replace(/\n- Runbook: .*$/, ''), metadata.summary],
    ...[...content.keywords, ...(content.nextSteps ?? [])],
    ...[...(metadata.relatedResources ?? []), ...Object.values(metadata.additionalContext)],
  ].join('\n');

test('a message for chat says what the text says, in parts', () => {
  expect(shownOf(report('sweepFailed', { keyIdSuffix: 'MPLE' }))).toEqual({
    version: '1.0',
    source: 'custom',
    id: 'iam-key-rotation/sweepFailed/ci-deployer//2026-01-15T12:00:00.000Z/began/2026-01-15T12:00:00.000Z',
    content: {
      textType: 'client-markdown',
      title: '⚠️ Retirement function failed: ci-deployer',
      description: `\`\`\`
It happened.
\`\`\`

A run of the retirement function ended with an error or a time-out. The next run, within the hour, continues where this one stopped.

- User: \`ci-deployer (IAM user ci-deployer-user, account 111122223333)\`
- Owner: \`platform-team\`
- Key: \`...MPLE\`
- Secret: \`arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf\`
- Since: \`2026-01-15 12:00 UTC\`
- Stack: \`iam-key-rotation\`
- Runbook: https://wiki.example.com/runbook#sweep-failed`,
      nextSteps: [
        'Read the log group `/aws/lambda/iam-key-rotation-retire`, from the last error upwards.',
        'Run `terraform plan`: it shows a missing permission or table.',
      ],
      keywords: ['warning', 'sweepFailed', 'platform-team'],
    },
    metadata: {
      threadId: 'iam-key-rotation/sweepFailed/ci-deployer//2026-01-15T12:00:00.000Z',
      summary: 'Retirement function failed (iam-key-rotation/ci-deployer)',
      eventType: 'sweepFailed',
      relatedResources: [
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf',
      ],
      additionalContext: {
        ...{ stack: 'iam-key-rotation', kind: 'sweepFailed', phase: 'began', severity: 'warning' },
        ...{ user: 'ci-deployer', owner: 'platform-team' },
      },
    },
  });
});

describe.each(FAULT_KINDS)('%s in chat', (kind) => {
  const began = report(kind);
  const ended = report(kind, { phase: 'ended', at: NOON + HOUR });

  test('its beginning, a reminder and its end are valid, of one thread, and not taken for one another', () => {
    const messages = [began, { ...began, at: NOON + HOUR }, ended].map((one) => shownOf(one));
    expect(new Set(messages.map(({ metadata }) => metadata.threadId)).size).toBe(1);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
    const sign = FAULTS[kind].severity === 'critical' ? '🚨' : '⚠️';
    expect(messages.map(({ content }) => content.title)).toEqual([
      `${sign} ${FAULTS[kind].title}: ci-deployer`,
      `${sign} ${FAULTS[kind].title}: ci-deployer`,
      `✅ Over: ${FAULTS[kind].title}: ci-deployer`,
    ]);
  });

  test('it is valid, and says all of the first step, for the whole stack and where no settings can be read', () => {
    for (const settings of [SETTINGS, undefined]) {
      const { content } = shownOf({ ...began, user: undefined }, PLACE, settings);
      expect(content.description).toMatch(/\n- Runbook: https:\/\/wiki\.example\.com\/runbook#[a-z-]+$/);
      expect(content.nextSteps).not.toContain(TOO_LONG);
      expect(shownOf({ ...ended, user: undefined }, PLACE, settings).content.nextSteps).toBeUndefined();
    }
  });

  test('it is valid with the longest names and what others wrote, which mention nobody and are no link', () => {
    const stack = 'p'.repeat(63);
    const long = { ...PLACE, stack, secretPrefix: 's'.repeat(100), runbookUrl: `https://${'r'.repeat(392)}` };
    const user = 'u'.repeat(64);
    const settings = {
      ...settingsOf({ owner: HOSTILE.repeat(9), userName: `@${'n'.repeat(63)}` }),
      secretArn: `arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:${'s'.repeat(100)}/${user}-AbCdEf`,
    };
    for (const phase of ['began', 'ended'] as const) {
      const message = shownOf(report(kind, { phase, user, what: HOSTILE.repeat(99) }), long, settings);
      const text = visible(message);
      expect(text).not.toMatch(/[<>\u202E]|(?<!\w)@|:\/\/|\]\(|&\w+;/);
      expect(message.content.description.split('```')).toHaveLength(3);
      expect(message.content.description.length).toBeGreaterThan(CHAT_LIMITS.description - 50);
      for (const step of message.content.nextSteps ?? []) expect(step.split('`').length % 2).toBe(1);
    }
  });
});

test('a step that is too long for chat is in the runbook, whole', () => {
  const settings = { ...SETTINGS, secretArn: `arn:${'x'.repeat(CHAT_LIMITS.nextStep)}` };
  const { nextSteps } = shownOf(report('secretDeleted'), PLACE, settings).content;
  expect(nextSteps).toEqual([
    TOO_LONG,
    'Then run `terraform apply`.',
    'If the user is not needed any more, remove it from the configuration instead.',
  ]);
});

test('a user’s name mentions nobody in a title either, whatever let it through', () => {
  const { content, metadata } = shownOf(report('sweepFailed', { user: '<!here>' }));
  expect(content.title).toBe('⚠️ Retirement function failed: ‹!here›');
  expect(metadata.summary).toBe('Retirement function failed (iam-key-rotation/‹!here›)');
});

test('the address of the runbook is a link to nothing else', () => {
  const place = { ...PLACE, runbookUrl: 'https://wiki.example.com/<!channel>' };
  expect(shownOf(report('sweepFailed'), place).content.description).toMatch(
    /\n- Runbook: https:\/\/wiki\.example\.com\/%3C!channel%3E#sweep-failed$/,
  );
});

test('the first message of a new stack is valid, and no alarm', () => {
  const one = report('sweepNotRunning', { user: undefined });
  const { content, metadata } = shown(welcome(PLACE, one, 'thread'));
  expect(content.title).toBe('ℹ️ Messages of the new stack iam-key-rotation reach you.');
  expect(content.description).toContain('Nothing is wrong.');
  expect(content.nextSteps?.[0]).toMatch(
    /^If none has come after two hours: Check that the schedule is ENABLED/,
  );
  expect(metadata).toMatchObject({ threadId: 'thread', additionalContext: { severity: 'warning' } });
});

test.each([undefined, 'text'] as const)('the format %s has nothing for chat, and the same text', (format) => {
  const { chat, ...text } = messageOf(report('sweepFailed'));
  expect(chat).toBeDefined();
  expect(messageOf(report('sweepFailed'), { ...PLACE, format })).toEqual(text);
});
