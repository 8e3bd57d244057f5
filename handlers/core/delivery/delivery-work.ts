import { targetName, type DeliveryTarget } from '../../../contract/delivery';
import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { recordOf } from '../key-moves/deliveries';
import type { Leased } from '../key-moves/lease';
import type { DeliveryJournal, TargetRecord } from '../model/delivery-journal';
import type { DeliveryPorts } from './delivery-ports';

/** One user's targets, while we hold the lease of their record. */
export interface DeliveryWork {
  readonly ports: DeliveryPorts;
  readonly settings: Settings;
  readonly leased: Leased<DeliveryJournal>;
  /** Until when this run waits for what takes its time. */
  readonly patientUntil: Instant;
}

export const knownOf = ({ leased }: DeliveryWork, target: DeliveryTarget): TargetRecord =>
  recordOf(target, leased.content) ?? { target: targetName(target), announced: [] };

/** Of the targets that the configuration names; what others hold is nobody's concern any more. */
export async function record({ settings, leased }: DeliveryWork, changed: TargetRecord): Promise<void> {
  const names = new Set((settings.deliver ?? []).map(targetName));
  const others = (leased.content?.targets ?? []).filter(
    ({ target }) => target !== changed.target && names.has(target),
  );
  await leased.write({ targets: [...others, changed] });
}
