import type { Instant } from '../../../contract/instant';
import type { RotationPorts } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import type { EventDetail, LifecycleEvent } from '../../../contract/lifecycle-event';
import type { COUNTERS, DetailType } from '../../../contract/telemetry-names';

/** Who tells, and of whom. */
export interface Emitter {
  readonly ports: Pick<RotationPorts, 'lifecycle' | 'metrics' | 'clock'>;
  readonly settings: Settings;
}

type Common = 'version' | 'stack' | 'user' | 'userName' | 'secretArn' | 'owner' | 'at';

/** What an event says beside whom it is about, and when. */
export type OwnDetail<Type extends DetailType> = Readonly<Omit<EventDetail<Type>, Common>>;

/** The events that are counted each time. */
const COUNTED_AS: Readonly<Partial<Record<DetailType, (typeof COUNTERS)[number]>>> = {
  'Key Created': 'KeysCreated',
  'Key Promoted': 'KeysPromoted',
  'Key Deactivated': 'KeysDeactivated',
  'Key Deleted': 'KeysDeleted',
  'Key Reaped': 'KeysReaped',
};

/** Tells what was done to the user's keys: counts it, and notes it for the event bus. Told after it is journaled. */
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
  // What the parts come to is what `OwnDetail` left out and what it holds.
  return { detailType, detail: Object.fromEntries(given.map(withoutKeyId)) } as unknown as LifecycleEvent;
}

/** What an event says of a key's id. */
export const suffixOf = (keyId: string): string => keyId.slice(-4);

export const isoOf = (moment: Instant): string => new Date(moment).toISOString();

/** A text written for a log may name a key: an event does not. */
const withoutKeyId = ([name, value]: [string, unknown]): [string, unknown] => [
  name,
  typeof value === 'string' ? value.replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{8,}([A-Z0-9]{4})\b/g, '…$1') : value,
];
