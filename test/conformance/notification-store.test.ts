import { InMemoryNotificationStore } from '../handlers/core/notifications/support/in-memory-notification-store';
import { holdNotificationStore } from './hold-notification-store';

describe('the in-memory record of what people were told', () => {
  holdNotificationStore(() => Promise.resolve(new InMemoryNotificationStore()));
});
