import { CHAT_LIMITS, type ChatNotification } from '../../../contract/chat-notification';
import type { Instant } from '../../../contract/instant';
import { harmless, inBlock, inCode, sentencesOf, shortenedTo } from './chat-text';
import { inOneLine } from './quoted';

/** A line of a message: `Owner:   platform-team`. */
export interface MessageFact {
  readonly label: string;
  readonly value: string;
}

/** What subscriptions filter by, and custom actions of a channel may name. */
export type Attributes = Readonly<Record<string, string>> &
  Readonly<Record<'kind' | 'phase' | 'severity', string>>;

/** What a message says, whoever shows it. */
export interface ChatContent {
  /** What sets it apart at a glance. */
  readonly sign: '🚨' | '⚠️' | '✅' | 'ℹ️';
  /** Fault and user. */
  readonly heading: string;
  readonly subject: string;
  /** What happened. Others wrote some of it. */
  readonly what: string;
  /** What it means. */
  readonly meaning?: string | undefined;
  readonly facts: readonly MessageFact[];
  /** In sentences. */
  readonly firstStep?: string | undefined;
  /** The address of a section of the runbook. */
  readonly runbook: string;
  readonly attributes: Attributes;
  /** ARNs. */
  readonly resources: readonly string[];
  /** See `threadOf`. */
  readonly thread: string;
  /** Of which moment it speaks. */
  readonly at: Instant;
}

/**
 * The same for Amazon Q Developer in chat applications (F 16.2), as JSON. What others wrote stands in code, where chat makes
 * no mention, link or emoji of it, and is free of what would make one elsewhere.
 */
export function chatMessage(message: ChatContent): string {
  const { subject, attributes, resources, thread, at } = message;
  const { kind, phase, severity, owner } = attributes;
  const value = (text: string): string => shortenedTo(CHAT_LIMITS.value, harmless(inOneLine(text)));
  const notification: ChatNotification = {
    version: '1.0',
    source: 'custom',
    id: `${thread}/${phase}/${new Date(at).toISOString()}`,
    content: {
      textType: 'client-markdown',
      title: shortenedTo(CHAT_LIMITS.title, `${message.sign} ${harmless(message.heading)}`),
      description: descriptionOf(message),
      ...stepsOf(message),
      keywords: [severity, kind, ...(owner === undefined ? [] : [owner])].map((word) =>
        shortenedTo(CHAT_LIMITS.keyword, value(word)),
      ),
    },
    metadata: {
      threadId: thread,
      summary: shortenedTo(CHAT_LIMITS.title, harmless(subject)),
      eventType: kind,
      ...(resources.length === 0 ? {} : { relatedResources: resources.map(value) }),
      additionalContext: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, value(text)]),
      ),
    },
  };
  return JSON.stringify(notification);
}

/** What happened is as long as the rest leaves room for. */
function descriptionOf({ what, meaning, facts, runbook }: ChatContent): string {
  const lines = facts.map(({ label, value }) => `- ${label}: ${inCode(value, CHAT_LIMITS.value)}`);
  // The only link. Whoever writes the configuration has chosen it.
  const address = runbook.replaceAll('<', '%3C').replaceAll('>', '%3E');
  const rest = [
    ...(meaning === undefined ? [] : [meaning]),
    [...lines, `- Runbook: ${address}`].join('\n'),
  ].join('\n\n');
  const room = CHAT_LIMITS.description - `${inBlock('', 0)}\n\n${rest}`.length;
  return [inBlock(what, room), rest].join('\n\n');
}

/** Half a command would be worse than none. */
function stepsOf({ firstStep }: ChatContent): Pick<ChatNotification['content'], 'nextSteps'> {
  if (firstStep === undefined) return {};
  const steps = sentencesOf(harmless(firstStep));
  return { nextSteps: steps.map((step) => (step.length <= CHAT_LIMITS.nextStep ? step : TOO_LONG)) };
}

const TOO_LONG = 'This step is too long for chat: read it in the runbook.';
