/** `iam-key-rotation`: the constructs, for a CDKTF app of one's own. Importing it has no side effects. */

import './require-peers';

// Whole stacks, from a configuration.
export { RotationStack, type RotationStackProps } from './rotation-stack';
export { loadConfiguration } from './config/load-configuration';
export { parseConfiguration } from './config/parse-configuration';
export { ConfigurationError } from './config/problem';
export type {
  Configuration,
  ConfigurationWarning,
  StackConfiguration,
  UserConfiguration,
} from './config/configuration';

// The parts, for a stack of one's own.
export { RotatedUser } from './rotated-user/rotated-user';
export type { OwnFunction, RotatedUserProps, SharedFunction } from './rotated-user/rotated-user-props';
export type { ExistingUser, NewUser } from './rotated-user/iam-user';
export {
  rotationTiming,
  type RotationTiming,
  type RotationTimingOptions,
} from './rotated-user/rotation-timing';
export { JournalTable, underPrefix } from './journal-table/journal-table';
export type { JournalTableProps, JournalTableReference } from './journal-table/journal-table';
export { LeakResponse, type LeakResponseProps } from './leak-response/leak-response';
export { KeyDelivery, type KeyDeliveryProps } from './key-delivery/key-delivery';
export type { DeliveredUser } from './key-delivery/policies';
export { KeyRetirement, type KeyRetirementProps } from './key-retirement/key-retirement';
export type { RetiredUser } from './key-retirement/policies';
export { RotationAlarms } from './rotation-alarms/rotation-alarms';
export type {
  RotationAlarm,
  RotationAlarmsProps,
  RotationFunctions,
} from './rotation-alarms/rotation-alarms';
export { NotificationRule, type NotificationRuleProps } from './rotation-alarms/notification-rule';
export type { AlertsTopic } from './rotation-alarms/alerts-topic';
export type { NotificationFunction } from './rotation-alarms/notification-function';
export { RotationDashboard, type RotationDashboardProps } from './rotation-dashboard/rotation-dashboard';
export { AuditTrail, type AuditTrailProps } from './audit-trail/audit-trail';
export type { LogPolicy } from './audit-trail/log-policy';
export { SuspiciousActs, type SuspiciousActsProps } from './audit-trail/suspicious-acts';
export { IamEventForwarding, type IamEventForwardingProps } from './audit-trail/iam-event-forwarding';
export type { Watched, WatchedUser } from './audit-trail/watched';
export type { WatchTarget } from './audit-trail/watch-target';
export type { FunctionDefaults } from './node-function/node-function-props';
export type { FunctionVpc } from './node-function/vpc';
export { awsPlace, iamEventsRegion, type AwsPlace } from './aws/aws-place';
export { PROVIDER_VERSION } from './terraform/provider-version';
