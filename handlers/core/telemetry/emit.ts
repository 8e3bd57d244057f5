import type { Instant } from '../../../contract/instant';
import type { RotationPorts } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import type { EventDetail, LifecycleEvent } from '../../../contract/lifecycle-event';
import type { Counter, DetailType } from '../../../contract/telemetry-names';

/** What an event is emitted with, and about which user. */
export interface Emitter {
  readonly ports: Pick<RotationPorts, 'lifecycle' | 'metrics' | 'clock'>;
  readonly settings: Settings;
}

type Common = 'version' | 'stack' | 'user' | 'userName' | 'secretArn' | 'owner' | 'at';

/** The fields of an event that not every event has. */
export type OwnDetail<Type extends DetailType> = Readonly<Omit<EventDetail<Type>, Common>>;

/** The events that are counted each time. */
const COUNTED_AS: Readonly<Partial<Record<DetailType, Counter>>> = {
  'Key Created': 'KeysCreated',
  'Key Promoted': 'KeysPromoted',
  'Key Deactivated': 'KeysDeactivated',
  'Key Deleted': 'KeysDeleted',
  'Key Reaped': 'KeysReaped',
  'Key Delivered': 'KeysDelivered',
};

/** Notes the event of an act on the user's keys for the event bus, and counts it. Call it after the act is journaled. */
export function emit<Type extends DetailType>(
  { ports, settings }: Emitter,
  detailType: Type,
  own: OwnDetail<Type>,
): void {
  ports.lifecycle.note(eventOf(settings, ports.clock.now(), detailType, own));
  const counter = COUNTED_AS[detailType];
  if (counter !== undefined) ports.metrics.record(counter, 1);
}

/** An event about a user, as it is sent. */
export function eventOf<Type extends DetailType>(
  { stableKey, userName, secretArn, owner }: Pick<Settings, 'stableKey' | 'owner'> & Partial<Settings>,
  at: Instant,
  detailType: Type,
  own: OwnDetail<Type>,
): LifecycleEvent {
  const detail = { user: stableKey, userName, secretArn, owner, at: isoOf(at), ...own };
  const given = Object.entries(detail).filter(([, value]) => value !== undefined);
  // The common fields are those that `OwnDetail` leaves out.
  return { detailType, detail: Object.fromEntries(given.map(withoutKeyId)) } as unknown as LifecycleEvent;
}

/** How events name a key. */
export const suffixOf = (keyId: string): string => keyId.slice(-4);

export const isoOf = (moment: Instant): string => new Date(moment).toISOString();

/** A text that was written for a log may name a key; an event or a message names its last four characters alone. */
export const withoutKeyIds = (text: string): string =>
  text.replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{8,}([A-Z0-9]{4})\b/g, '…$1');

const withoutKeyId = ([name, value]: [string, unknown]): [string, unknown] => [
  name,
  typeof value === 'string' ? withoutKeyIds(value) : value,
];
