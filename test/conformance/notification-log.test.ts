import { InMemoryNotificationLog } from '../handlers/core/notifications/support/in-memory-notification-log';
import { holdNotificationLog } from './hold-notification-log';

describe('the in-memory record of what people were told', () => {
  holdNotificationLog(() => Promise.resolve(new InMemoryNotificationLog()));
});
