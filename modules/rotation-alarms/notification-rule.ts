import type { Construct } from 'constructs';

import { EventRule, type EventRuleProps } from '../node-function/event-rule';
import type { NotificationFunction } from './notification-function';

export interface NotificationRuleProps extends Omit<EventRuleProps, 'listener' | 'targetId'> {
  /** What cannot be delivered within a day is told late by the alarm on its queue, or not at all. */
  readonly notification: NotificationFunction;
}

/** Hands the events of the account's default bus that match a pattern to the notification function. */
export class NotificationRule extends EventRule {
  constructor(scope: Construct, id: string, { notification, ...props }: NotificationRuleProps) {
    super(scope, id, { ...props, targetId: 'notify-people', listener: notification });
  }
}
