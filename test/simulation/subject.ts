import type { RotationPorts } from '../../handlers/core/model/ports';
import type { SweepPorts } from '../../handlers/core/retirement/retirement-ports';
import type { Settings } from '../../contract/settings';
import type { DeliverAllPorts } from '../../handlers/core/delivery/delivery-ports';
import type { RotationStep } from '../../contract/function-events';

/** What Secrets Manager sends, before anybody has parsed it. */
export interface RotationCall {
  readonly Step: RotationStep;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken?: string;
}

/** What Terraform sends. */
export interface FirstKeyCall {
  readonly Step: 'firstKey';
  readonly SecretId: string;
  readonly UserId: string;
}

/** What the responder sends. */
export interface LeakCall {
  readonly Step: 'replaceLeakedKey';
  readonly SecretId: string;
  readonly LeakedKeyId?: string | undefined;
  readonly ReportedAt: string;
}

/** The product, or a naive stand-in that shows that the rules notice something. */
export interface Subject {
  handle(
    ports: RotationPorts,
    stableKey: string,
    call: RotationCall | FirstKeyCall | LeakCall,
  ): Promise<unknown>;
  /** One run of the sweep. */
  sweep(ports: SweepPorts): Promise<unknown>;
  /** One run of the delivery function. */
  deliver(ports: DeliverAllPorts, settings: Settings): Promise<unknown>;
  /** What an operator asks for. */
  rollBack(ports: RotationPorts, settings: Settings, leaveKeyId: string): Promise<unknown>;
  replaceLeakedKey(
    ports: RotationPorts,
    settings: Settings,
    request: { readonly leakedKeyId: string; readonly giveWayKeyId?: string },
  ): Promise<unknown>;
}
