import type { Instant } from '../../contract/instant';
import { PROOFS_IN_A_ROW } from '../../handlers/core/model/timing';
import type { AwsEvent, KeyStatus } from '../../test/support/in-memory-aws/events';

/** What a key has come to. */
interface Key {
  status: KeyStatus;
  proofs: number;
  wasCurrent: boolean;
}

/** Sees everything that happens in the AWS in memory while many users are rotated, and holds it to the rules. */
export class WitnessOfRotations {
  /** A sentence for each rule that was broken. */
  readonly broken: string[] = [];
  /** By secret: when the rotation of each became current. */
  readonly promotedAt = new Map<string, Instant>();
  /** By version. */
  readonly #keyIn = new Map<string, string>();
  readonly #keys = new Map<string, Key>();
  #begins = false;

  /** From here on: what was there before is how the users began. */
  begin(): void {
    this.#begins = true;
  }

  /** Every key that is neither current nor was it (R5): orphaned or stillborn. */
  get leftBehind(): readonly string[] {
    return [...this.#keys].flatMap(([id, key]) =>
      key.status !== 'Gone' && !key.wasCurrent ? [`key ${id} was left behind (R5)`] : [],
    );
  }

  readonly see = (event: AwsEvent): void => {
    switch (event.what) {
      case 'keyCreated':
        this.#keys.set(event.keyId, { status: 'Active', proofs: 0, wasCurrent: false });
        return;
      case 'keyChanged': {
        const key = this.#keys.get(event.keyId)!;
        key.status = event.is;
        if (key.wasCurrent)
          this.broken.push(`key ${event.keyId}, which was current, became ${event.is} (R1, R3)`);
        return;
      }
      case 'probed': {
        const key = this.#keys.get(event.keyId)!;
        key.proofs = event.identity === undefined ? 0 : key.proofs + 1;
        return;
      }
      case 'valuePut': {
        const { AccessKeyId } = JSON.parse(event.text) as { readonly AccessKeyId: string };
        this.#keyIn.set(event.versionId, AccessKeyId);
        return;
      }
      case 'labelsMoved': {
        const { AWSCURRENT: current } = event.is;
        if (current === undefined || current === event.was.AWSCURRENT) return;
        this.#promoted(event.secretArn, this.#keyIn.get(current), event.at);
        return;
      }
      default:
    }
  };

  #promoted(secretArn: string, keyId: string | undefined, at: Instant): void {
    const key = this.#keys.get(keyId ?? '');
    if (keyId === undefined || key?.status !== 'Active') {
      this.broken.push(`${secretArn} serves a key that is ${key?.status ?? 'unknown'} (R1)`);
      return;
    }
    key.wasCurrent = true;
    if (!this.#begins) return;
    if (key.proofs < PROOFS_IN_A_ROW)
      this.broken.push(`key ${keyId} became current after ${key.proofs} proofs (R2)`);
    this.promotedAt.set(secretArn, at);
  }
}
