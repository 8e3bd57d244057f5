import type { Instant } from '../../../contract/instant';
import type { FaultId, NotificationPlace } from './notification-ports';

/**
 * What the messages about one fault have in common, from its beginning through every reminder to its end, and no others have:
 * a fault of that kind that comes again is another fault, and must not be told in a thread that nobody looks at any more.
 *
 * @param began - what the first message about it said
 */
export const threadOf = (
  { stack }: Pick<NotificationPlace, 'stack'>,
  { kind, user = '', about = '' }: FaultId,
  began: Instant,
): string => [stack, kind, user, about, new Date(began).toISOString()].join('/');
