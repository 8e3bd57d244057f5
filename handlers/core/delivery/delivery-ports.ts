import type { ParameterTarget, SecretTarget } from '../../../contract/delivery';
import type { Settings } from '../../../contract/settings';
import type { SecretMaterial } from '../../../contract/secret-material';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { LeasedStore, RotationPorts } from '../model/ports';

/** Another secret, which is not ours. */
export interface SecretTargets {
  /** What AWSCURRENT holds. Undefined: there is no such secret, or it has no value yet. */
  read(target: SecretTarget): Promise<SecretMaterial | undefined>;
  /** A new version, which becomes AWSCURRENT. */
  put(target: SecretTarget, text: SecretMaterial): Promise<void>;
}

export interface ParameterTargets {
  /** Made where there is none; otherwise its next version. */
  put(target: ParameterTarget, text: SecretMaterial): Promise<void>;
}

/** What delivering one user's key needs. It changes no key and no label of ours. */
export interface DeliveryPorts extends Pick<
  RotationPorts,
  'deliveries' | 'clock' | 'log' | 'lifecycle' | 'metrics' | 'newHolder'
> {
  readonly secrets: Pick<RotationPorts['secrets'], 'read'>;
  readonly journals: Pick<RotationPorts['journals'], 'read'>;
  readonly deliveryJournals: LeasedStore<DeliveryJournal>;
  readonly secretTargets: SecretTargets;
  readonly parameterTargets: ParameterTargets;
}

/** What a run over all users needs. */
export interface DeliverAllPorts extends DeliveryPorts {
  readonly directory: {
    /** Every user of the stack; the error where the settings do not parse (R8). */
    list(): Promise<readonly { readonly stableKey: string; readonly settings: Settings | Error }[]>;
  };
}
