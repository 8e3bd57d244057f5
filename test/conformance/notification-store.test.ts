import { InMemoryNotificationStore } from '../handlers/core/notifications/support/in-memory-notification-store';
import { InMemoryToldActsStore } from '../handlers/core/notifications/support/in-memory-told-acts-store';
import { holdNotificationStore } from './hold-notification-store';
import { holdToldActsStore } from './hold-told-acts-store';

describe('the in-memory record of what people were told', () => {
  holdNotificationStore(() => Promise.resolve(new InMemoryNotificationStore()));
});

describe('the in-memory record of the acts that people are told of', () => {
  holdToldActsStore(() => Promise.resolve(new InMemoryToldActsStore()));
});
