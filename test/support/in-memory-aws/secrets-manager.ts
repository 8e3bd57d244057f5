import type { CallName } from '../../../handlers/core/model/call-errors';
import { DAY, SECOND, type Instant } from '../../../contract/instant';
import type { SecretDescription, VersionLabel } from '../../../handlers/core/model/ports';
import type { Doer, Labels, Witness } from './events';
import { call, refusal } from './refusals';
import { Timeline } from './timeline';

/** Versions that a secret keeps; only unlabelled ones older than a day make room for more (F 1.17). */
const MOST_VERSIONS = 100;

interface Version {
  readonly id: string;
  readonly madeAt: Instant;
  /** Undefined until a value was put: a rotation announces its version before it has one (F 1.5). */
  text: Timeline<string> | undefined;
}

/** How long a copy in another region takes to follow the secret. */
export const COPY_LAG = 10 * SECOND;

type CopyStatus = SecretDescription['copies'][number]['status'];

interface SecretRecord {
  readonly arn: string;
  /** By region: what keeps the copy from following the secret, if something does. */
  readonly copies: Map<string, Timeline<Exclude<CopyStatus, 'InSync'> | undefined>>;
  /** When the labels were last moved by UpdateSecretVersionStage. */
  labelsUpdatedAt: Instant | undefined;
  readonly deletedDate: Timeline<Instant | undefined>;
  rotationFunctionArn: string | undefined;
  /** The tag with the id of the user whose key it holds. */
  readonly userId: Timeline<string | undefined>;
  readonly versions: Map<string, Version>;
  readonly labels: Timeline<Labels>;
  /** The rotation that Secrets Manager believes to be under way. */
  rotating: string | undefined;
  rotationEnabled: boolean | undefined;
}

/** Secrets and their versions. Labels are compare-and-swap, values never change, as in F 1.5 to 1.17. */
export class InMemorySecretsManager {
  readonly #secrets = new Map<string, SecretRecord>();

  constructor(private readonly witness: Witness) {}

  /** An empty secret: no version, no label (F 1.15). */
  create(arn: string, now: Instant): void {
    this.#secrets.set(arn, {
      arn,
      copies: new Map(),
      labelsUpdatedAt: undefined,
      deletedDate: new Timeline<Instant | undefined>(now, undefined),
      rotationFunctionArn: undefined,
      userId: new Timeline<string | undefined>(now, undefined),
      versions: new Map(),
      labels: new Timeline<Labels>(now, {}),
      rotating: undefined,
      rotationEnabled: undefined,
    });
  }

  /** TagResource. */
  tagWithUser(arn: string, userId: string, now: Instant): void {
    this.#require(call.describeSecret, arn).userId.set(now, userId);
  }

  enableRotation(
    arn: string,
    functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-rotate',
  ): void {
    const secret = this.#require(call.describeSecret, arn);
    secret.rotationEnabled = true;
    secret.rotationFunctionArn = functionArn;
  }

  /** CancelRotateSecret leaves the labels as they are (F 1.12). */
  cancelRotation(arn: string): void {
    const secret = this.#requireUsable(call.describeSecret, arn);
    secret.rotationEnabled = false;
    secret.rotating = undefined;
  }

  /** ReplicateSecretToRegions. */
  replicate(arn: string, region: string, now: Instant): void {
    this.#requireUsable(call.describeSecret, arn).copies.set(region, new Timeline(now, undefined));
  }

  /** Something keeps the copies from following the secret, or no longer does. */
  holdCopiesUp(arn: string, status: Exclude<CopyStatus, 'InSync'> | undefined, now: Instant): void {
    for (const copy of this.#require(call.describeSecret, arn).copies.values()) copy.set(now, status);
  }

  /** DeleteSecret: refused while there are copies (F 1.23). Here it can be restored for ever. */
  scheduleDeletion(arn: string, now: Instant): void {
    const secret = this.#requireUsable(call.describeSecret, arn);
    if (secret.copies.size > 0) {
      throw refusal(
        call.describeSecret,
        'wrongState',
        'InvalidRequestException',
        'It still has replica regions.',
      );
    }
    secret.deletedDate.set(now, now);
  }

  restore(arn: string, now: Instant): void {
    this.#require(call.describeSecret, arn).deletedDate.set(now, undefined);
  }

  labels(arn: string): Labels {
    return this.#require(call.describeSecret, arn).labels.now;
  }

  labelsAt(arn: string, moment: Instant): Labels {
    return this.#require(call.describeSecret, arn).labels.at(moment) ?? {};
  }

  text(arn: string, versionId: string): string | undefined {
    return this.#require(call.getSecretValue, arn).versions.get(versionId)?.text?.now;
  }

  versionIds(arn: string): readonly string[] {
    return [...this.#require(call.describeSecret, arn).versions.keys()];
  }

  describe(arn: string, asOf: Instant): SecretDescription {
    const secret = this.#require(call.describeSecret, arn);
    const { rotationEnabled, rotationFunctionArn } = secret;
    return {
      ...{ arn, rotationEnabled, rotationFunctionArn },
      labels: secret.labels.at(asOf) ?? {},
      deletedDate: secret.deletedDate.at(asOf),
      userId: secret.userId.at(asOf),
      copies: [...secret.copies].map(([region, heldUp]) => ({
        region,
        status:
          heldUp.at(asOf) ?? (asOf < (secret.labels.since(asOf) ?? 0) + COPY_LAG ? 'InProgress' : 'InSync'),
      })),
    };
  }

  read(
    arn: string,
    version: { readonly versionId: string } | { readonly label: VersionLabel },
    asOf: Instant,
  ): { versionId: string; text: string } | undefined {
    const secret = this.#requireUsable(call.getSecretValue, arn);
    const versionId = 'versionId' in version ? version.versionId : secret.labels.at(asOf)?.[version.label];
    if (versionId === undefined) return undefined;
    const text = secret.versions.get(versionId)?.text?.at(asOf);
    return text === undefined ? undefined : { versionId, text };
  }

  put(
    arn: string,
    version: {
      readonly versionId: string;
      readonly text: string;
      readonly label: 'AWSCURRENT' | 'AWSPENDING';
    },
    now: Instant,
    doer: Doer,
  ): void {
    const secret = this.#requireUsable(call.putSecretValue, arn);
    const existing = secret.versions.get(version.versionId);
    if (existing?.text !== undefined) {
      // The same content again is ignored; a version's value never changes (F 1.8).
      if (existing.text.now === version.text) return;
      throw refusal(
        call.putSecretValue,
        'conflict',
        'ResourceExistsException',
        `A resource with the ID ${version.versionId} already exists.`,
      );
    }
    const target = existing ?? this.#addVersion(call.putSecretValue, secret, version.versionId, now);
    target.text = new Timeline(now, version.text);
    this.witness({
      what: 'valuePut',
      at: now,
      doer,
      secretArn: arn,
      versionId: version.versionId,
      text: version.text,
    });

    let labels: Labels = { ...secret.labels.now, [version.label]: version.versionId };
    if (version.label === 'AWSCURRENT') labels = withPrevious(labels, secret.labels.now.AWSCURRENT);
    // The first value is current whatever was asked for: AWSCURRENT must be on some version.
    if (labels.AWSCURRENT === undefined) labels = { ...labels, AWSCURRENT: version.versionId };
    // Another version than the rotation's own ends the rotation: AWSPENDING goes (F 1.8).
    if (secret.rotating !== undefined && secret.rotating !== version.versionId) {
      if (labels.AWSPENDING === secret.rotating) labels = without(labels, 'AWSPENDING');
      secret.rotating = undefined;
    }
    this.#setLabels(secret, labels, now, doer);
  }

  moveLabel(
    arn: string,
    label: VersionLabel,
    move: { readonly from: string | undefined; readonly to: string },
    now: Instant,
    doer: Doer,
  ): void {
    const secret = this.#requireUsable(call.updateSecretVersionStage, arn);
    if (!secret.versions.has(move.to)) {
      throw refusal(
        call.updateSecretVersionStage,
        'notFound',
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret version.",
      );
    }
    this.#requireLabelOn(secret, label, move.from);
    const was = secret.labels.now;
    let labels: Labels = { ...was, [label]: move.to };
    if (label === 'AWSCURRENT' && move.from !== move.to) labels = withPrevious(labels, was.AWSCURRENT);
    this.#updateCopies(secret, now);
    this.#setLabels(secret, labels, now, doer);
  }

  removeLabel(arn: string, label: 'AWSPENDING', from: string, now: Instant, doer: Doer): void {
    const secret = this.#requireUsable(call.updateSecretVersionStage, arn);
    this.#requireLabelOn(secret, label, from);
    this.#updateCopies(secret, now);
    this.#setLabels(secret, without(secret.labels.now, label), now, doer);
  }

  /**
   * What RotateSecret does before it calls the function: announces an empty version labelled AWSPENDING (F 1.5).
   * A rotation that is not complete is attempted again instead (F 1.10). Returns the token to rotate with.
   */
  startRotation(arn: string, token: string, now: Instant): string {
    const secret = this.#requireUsable(call.describeSecret, arn);
    const { AWSPENDING: pending, AWSCURRENT: current } = secret.labels.now;
    if (pending !== undefined && pending !== current) {
      secret.rotating = pending;
      return pending;
    }
    // RotateSecret switches a rotation on again that was cancelled.
    if (secret.rotationEnabled === false) secret.rotationEnabled = true;
    this.#addVersion(call.describeSecret, secret, token, now);
    secret.rotating = token;
    this.#setLabels(secret, { ...secret.labels.now, AWSPENDING: token }, now, { by: 'secretsManager' });
    return token;
  }

  /** Secrets Manager takes the rotation for complete; it may tidy AWSPENDING away (F 1.10). */
  endRotation(arn: string, token: string, tidy: boolean, now: Instant): void {
    const secret = this.#require(call.describeSecret, arn);
    if (secret.rotating === token) secret.rotating = undefined;
    const labels = secret.labels.now;
    if (tidy && labels.AWSPENDING === token && labels.AWSCURRENT === token) {
      this.#setLabels(secret, without(labels, 'AWSPENDING'), now, { by: 'secretsManager' });
    }
  }

  /** What Secrets Manager stages when it only tests a configuration: AWSPENDING on a copy of the current value (F 1.6). */
  stageTest(arn: string, token: string, now: Instant): boolean {
    const secret = this.#require(call.describeSecret, arn);
    const { AWSPENDING: pending, AWSCURRENT: current } = secret.labels.now;
    if (secret.deletedDate.now !== undefined || (pending !== undefined && pending !== current)) return false;
    const copy = current === undefined ? undefined : secret.versions.get(current)?.text?.now;
    const version = this.#addVersion(call.describeSecret, secret, token, now);
    if (copy !== undefined) {
      version.text = new Timeline(now, copy);
      this.witness({
        what: 'valuePut',
        at: now,
        doer: { by: 'secretsManager' },
        secretArn: arn,
        versionId: token,
        text: copy,
      });
    }
    this.#setLabels(secret, { ...secret.labels.now, AWSPENDING: token }, now, { by: 'secretsManager' });
    return true;
  }

  unstageTest(arn: string, token: string, now: Instant): void {
    const secret = this.#require(call.describeSecret, arn);
    if (secret.labels.now.AWSPENDING === token) {
      this.#setLabels(secret, without(secret.labels.now, 'AWSPENDING'), now, { by: 'secretsManager' });
    }
  }

  #addVersion(name: CallName, secret: SecretRecord, id: string, now: Instant): Version {
    if (secret.versions.size >= MOST_VERSIONS) this.#makeRoom(name, secret, now);
    const version: Version = { id, madeAt: now, text: undefined };
    secret.versions.set(id, version);
    return version;
  }

  #makeRoom(name: CallName, secret: SecretRecord, now: Instant): void {
    const labelled = new Set(Object.values(secret.labels.now));
    for (const version of secret.versions.values()) {
      if (labelled.has(version.id) || now - version.madeAt <= DAY) continue;
      secret.versions.delete(version.id);
      return;
    }
    throw refusal(
      name,
      'limitExceeded',
      'LimitExceededException',
      `The secret has ${MOST_VERSIONS} versions, none of them unlabelled and older than a day.`,
    );
  }

  /** Two moves of labels, one soon after the other, leave a copy behind for ever (F 1.33). */
  #updateCopies(secret: SecretRecord, now: Instant): void {
    const isSoon = secret.labelsUpdatedAt !== undefined && now < secret.labelsUpdatedAt + COPY_LAG;
    secret.labelsUpdatedAt = now;
    if (isSoon) for (const copy of secret.copies.values()) copy.set(now, 'InProgress');
  }

  #requireUsable(name: CallName, arn: string): SecretRecord {
    const secret = this.#require(name, arn);
    if (secret.deletedDate.now === undefined) return secret;
    throw refusal(
      name,
      'wrongState',
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  #requireLabelOn(secret: SecretRecord, label: VersionLabel, versionId: string | undefined): void {
    const on = secret.labels.now[label];
    if (on === versionId) return;
    throw refusal(
      call.updateSecretVersionStage,
      'invalid',
      'InvalidParameterException',
      `The staging label ${label} is currently attached to version ${on ?? '(none)'}, so it cannot be moved from ` +
        `version ${versionId ?? '(none)'}.`,
    );
  }

  #setLabels(secret: SecretRecord, is: Labels, now: Instant, doer: Doer): void {
    const was = secret.labels.now;
    secret.labels.set(now, is);
    this.witness({ what: 'labelsMoved', at: now, doer, secretArn: secret.arn, was, is });
  }

  #require(name: CallName, arn: string): SecretRecord {
    const secret = this.#secrets.get(arn);
    if (secret !== undefined) return secret;
    throw refusal(
      name,
      'notFound',
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }
}

/** AWSPREVIOUS follows AWSCURRENT by itself (F 1.9). */
const withPrevious = (labels: Labels, wasCurrent: string | undefined): Labels =>
  wasCurrent === undefined ? labels : { ...labels, AWSPREVIOUS: wasCurrent };

function without(labels: Labels, label: VersionLabel): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== label));
}
