import { chatNotificationSchema } from '../../../contract/chat-notification';
import type { Instant } from '../../../contract/instant';
import { momentOf, type Happening } from './history';
import type { NotificationWorld, Read } from './world';

/** The beginning or the end of a rotation that failed, as a person reads it: to the minute. */
interface Heard {
  readonly phase: string;
  readonly began: Instant;
  readonly over: Instant | undefined;
  /** It says what CloudWatch says: quiet is no success. */
  readonly isOfAlarm: boolean;
  /** Where chat shows it. */
  readonly thread: string;
  /** The same was heard before. */
  readonly isCopy: boolean;
  readonly read: Read;
}

/** Which of the promises of docs/notifications.md are broken, now that every delivery has come to its end. */
export function brokenPromises(world: NotificationWorld): string[] {
  const heard: Heard[] = [];
  for (const read of world.read) {
    const one = asHeard(read);
    const isCopy = heard.some(({ phase, began }) => phase === one.phase && began === one.began);
    heard.push({ ...one, isCopy });
  }
  return [
    ...endsBeforeTheirBeginning(heard),
    ...inWrongThreads(heard),
    ...tooManyMessages(world, heard),
    // Of an event that is in the queue an alarm speaks, and whatever waited for its message with it.
    ...(world.deliveries.some(({ isDeadLetter }) => isDeadLetter)
      ? []
      : [...untoldBeginnings(world, heard), ...wrongImpression(world, heard)]),
  ];
}

function asHeard(read: Read): Omit<Heard, 'isCopy'> {
  const { text, chat = '', attributes } = read.message;
  const moment = (label: string): Instant | undefined => {
    const found = new RegExp(`^${label}: +(.*) UTC$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Date.parse(`${found.replace(' ', 'T')}:00Z`);
  };
  const isOfAlarm = text.includes('CloudWatch says of');
  const thread = chatNotificationSchema.parse(JSON.parse(chat)).metadata.threadId;
  return {
    ...{ phase: attributes['phase']!, began: moment('Since')!, over: moment('Over') },
    ...{ isOfAlarm, thread, read },
  };
}

const isEndOf = (end: Happening, beginning: Happening): boolean =>
  end.phase === 'ended' &&
  end.minute > beginning.minute &&
  (end.reporter !== 'alarm' || beginning.reporter === 'alarm');

/** A report that a fault is there, and no message that was sent after it, or that was about a time which it is in. */
function untoldBeginnings({ events }: NotificationWorld, heard: readonly Heard[]): string[] {
  const isToldOf = (at: Instant): boolean =>
    heard.some((beginning) => {
      if (beginning.phase !== 'began' || beginning.began > at) return false;
      const ends = heard.flatMap(({ began, over }) =>
        began === beginning.began && over !== undefined ? [over] : [],
      );
      return ends.length === 0 || at < Math.max(...ends);
    });
  // What several have reported is one fault from the first of them to its end.
  const isToldWithAnother = (event: Happening): boolean =>
    events.some(
      (other) =>
        other.phase === 'began' &&
        other.minute >= event.minute &&
        isToldOf(momentOf(other)) &&
        events.every((end) => !(isEndOf(end, event) && end.minute < other.minute)),
    );
  return events.flatMap((event) =>
    event.phase === 'ended' || isToldWithAnother(event) || isReplacedByTold(event)
      ? []
      : [`nobody was told of the beginning at minute ${event.minute} (${event.reporter})`],
  );

  /** It is over, and people were told of a later one. */
  function isReplacedByTold(event: Happening): boolean {
    return (
      events.some((end) => isEndOf(end, event)) &&
      heard.some(({ phase, began }) => phase === 'began' && began > momentOf(event))
    );
  }
}

/** Whoever reads the messages thinks that the fault is there, and it is not; or the other way round. */
function wrongImpression({ events }: NotificationWorld, heard: readonly Heard[]): string[] {
  const seemsOpen = heard.some(({ phase, began, isOfAlarm, isCopy }, index) => {
    const after = heard.slice(index);
    const isToldAfter = (moment: Instant): boolean =>
      after.some((other) => other.phase === 'began' && other.began === moment);
    // An end says since when the fault was there: it is not that of a fault that began, and was told, after that.
    const isEnd = (end: Heard): boolean =>
      end.over !== undefined &&
      end.over >= began &&
      (end.began >= began || isToldAfter(end.began)) &&
      (isOfAlarm || !end.isOfAlarm || end.began === began);
    return phase === 'began' && !isCopy && !after.some(isEnd);
  });
  const isOpen = events.some(
    (event) => event.phase === 'began' && events.every((other) => !isEndOf(other, event)),
  );
  if (seemsOpen === isOpen) return [];
  return [
    isOpen ? 'people think that it is over, and it is not' : 'it is over, and people think that it is not',
  ];
}

/** An end goes to where its beginning is, and a fault that began after an end does not. */
const inWrongThreads = (heard: readonly Heard[]): string[] =>
  heard.flatMap(({ phase, began, thread }, index) => {
    const before = heard.slice(0, index).filter((other) => other.thread === thread);
    if (phase === 'ended')
      return before.some((other) => other.phase === 'began')
        ? []
        : ['an end in a thread without a beginning'];
    return before.some(({ over }) => over !== undefined && over < began)
      ? ['another fault in a thread that is over']
      : [];
  });

const endsBeforeTheirBeginning = (heard: readonly Heard[]): string[] =>
  heard.flatMap(({ phase, began }, index) =>
    phase === 'ended' &&
    !heard.slice(0, index).some((other) => other.phase === 'began' && other.began === began)
      ? ['an end was told before its beginning']
      : [],
  );

/**
 * A message may come twice where its sender does not know, or could not store, that it was sent, and where one event is
 * delivered twice in one moment. Another beginning needs an end before it, or an alarm that rang again.
 */
function tooManyMessages({ events, deliveries }: NotificationWorld, heard: readonly Heard[]): string[] {
  const excused = (messages: readonly Heard[]): number => {
    const senders = [...new Set(messages.map(({ read }) => read.by))];
    const inDoubt = senders.filter(({ endedBadly }) => endedBadly).length;
    const overlapping = deliveries.filter((one) =>
      deliveries.some(
        (other) =>
          other !== one &&
          other.event === one.event &&
          other.startedAt <= one.startedAt &&
          one.startedAt <= other.endedAt!,
      ),
    ).length;
    return inDoubt + overlapping;
  };
  const beginnings = heard.filter(({ phase }) => phase === 'began');
  const ends = heard.filter(({ phase }) => phase === 'ended');
  const count = (happening: Partial<Happening>): number =>
    events.filter((event) =>
      Object.entries(happening).every(([key, value]) => event[key as keyof Happening] === value),
    ).length;
  const rangAgain = Math.max(0, count({ reporter: 'alarm', phase: 'began' }) - 1);
  return [
    ...heard.flatMap(({ phase, began }) => {
      const alike = heard.filter((other) => other.phase === phase && other.began === began);
      return alike.length > 1 + excused(alike) ? [`${alike.length} times the same message: ${phase}`] : [];
    }),
    ...(beginnings.length > 1 + count({ phase: 'ended' }) + rangAgain + excused(beginnings)
      ? [`${beginnings.length} messages of the beginning of one fault`]
      : []),
    ...(ends.length > beginnings.length + excused(ends) ? [`${ends.length} ends`] : []),
  ];
}
