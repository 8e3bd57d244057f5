import * as z from 'zod/mini';

import { someText } from './schema-parts';

/** What `alerts.format` may be: `chat` adds a form that Amazon Q Developer in chat applications shows. */
export const MESSAGE_FORMATS = ['text', 'chat'] as const;

export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/**
 * In characters, and in elements of a list. Ours: shorter than what others are known to send, since a notification that is
 * refused is a fault that nobody hears of. A `description` of this length fits into one section of Slack.
 */
export const CHAT_LIMITS = {
  title: 250,
  description: 3_000,
  nextStep: 350,
  nextSteps: 10,
  keyword: 75,
  keywords: 5,
  threadId: 300,
  id: 350,
  value: 300,
  entries: 10,
} as const;

const textOf = (most: number) => someText.check(z.maxLength(most));

/** With one element at least. */
const listOf = (most: number, elements: number) =>
  z.array(textOf(most)).check(z.minLength(1), z.maxLength(elements));

const contentSchema = z.strictObject({
  /** In the Markdown of the chat that shows it: Slack's, or that of Microsoft Teams. */
  textType: z.literal('client-markdown'),
  title: textOf(CHAT_LIMITS.title),
  description: textOf(CHAT_LIMITS.description),
  /** Absent: nothing has to be done. */
  nextSteps: z.optional(listOf(CHAT_LIMITS.nextStep, CHAT_LIMITS.nextSteps)),
  keywords: listOf(CHAT_LIMITS.keyword, CHAT_LIMITS.keywords),
});

const metadataSchema = z.strictObject({
  /** Notifications that have it in common are one thread (F 16.3). */
  threadId: textOf(CHAT_LIMITS.threadId),
  summary: textOf(CHAT_LIMITS.title),
  eventType: textOf(CHAT_LIMITS.keyword),
  /** Absent: it is about none. */
  relatedResources: z.optional(listOf(CHAT_LIMITS.value, CHAT_LIMITS.entries)),
  /** Custom actions of the channel may name them, as `$additionalContext.user`. */
  additionalContext: z
    .record(textOf(CHAT_LIMITS.keyword), textOf(CHAT_LIMITS.value))
    .check(z.refine((entries) => Object.keys(entries).length <= CHAT_LIMITS.entries)),
});

/**
 * A custom notification of Amazon Q Developer in chat applications (F 16.2). Stricter than AWS: every other part that AWS
 * leaves open is there, and none that it does not name.
 *
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export const chatNotificationSchema = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  /** Another one for each message, and the same one where a message comes twice. */
  id: textOf(CHAT_LIMITS.id),
  content: contentSchema,
  metadata: metadataSchema,
});

export type ChatNotification = z.output<typeof chatNotificationSchema>;
