import { randomBytes } from 'node:crypto';

import type { SandboxClock } from '../clock';
import { ApiError, type ApiCall } from '../front/api-call';
import { arnIn } from '../partitions';
import { refuseReplica, seenFrom } from './replicas';
import type { Secret } from './secret';

const RANDOM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** All secrets of the account. moto's rotation and labels differ from AWS's in too many ways to mend from outside. */
export class Secrets {
  private readonly byArn = new Map<string, Secret>();

  constructor(
    private readonly accountId: string,
    private readonly clock: SandboxClock,
  ) {}

  all(region: string): readonly Secret[] {
    this.purge();
    return [...this.byArn.values()].flatMap((secret) => {
      const replica = secret.replicas.get(region);
      if (secret.region === region) return [secret];
      return replica ? [seenFrom(secret, replica)] : [];
    });
  }

  create(name: string, region: string): Secret {
    const existing = this.all(region).find((secret) => secret.name === name);
    if (existing?.deletionDate) {
      throw new ApiError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing) {
      throw new ApiError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const suffix = Array.from(randomBytes(6), (byte) => RANDOM[byte % RANDOM.length]).join('');
    const now = this.clock.now();
    const secret: Secret = {
      ...{ name, region, arn: arnIn(region, 'secretsmanager', this.accountId, `secret:${name}-${suffix}`) },
      ...{ primaryRegion: region, replicas: new Map() },
      ...{ description: undefined, kmsKeyId: undefined, tags: new Map(), policy: undefined },
      ...{
        createdAt: now,
        changedAt: now,
        accessedAt: undefined,
        deletedAt: undefined,
        deletionDate: undefined,
      },
      ...{ versions: new Map(), rotation: undefined, rotatedAt: undefined },
    };
    this.byArn.set(secret.arn, secret);
    return secret;
  }

  /** By ARN, by ARN without its random end, or by name. */
  find(id: string, region: string): Secret | undefined {
    return this.all(region).find(({ arn, name }) => id === arn || id === name || id === arn.slice(0, -7));
  }

  /** The secret that a call names in SecretId, even if it is scheduled for deletion. */
  named(call: ApiCall): Secret {
    const secret = this.find(String(call.parameters['SecretId']), call.region);
    if (secret) return secret;
    throw new ApiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** The secret that a call names in SecretId; refused if it is scheduled for deletion. */
  usable(call: ApiCall): Secret {
    const secret = this.named(call);
    if (!secret.deletionDate) return secret;
    throw new ApiError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  /** The secret that a call names in SecretId, to be changed: refused for a copy, too. */
  writable(call: ApiCall): Secret {
    const secret = this.usable(call);
    refuseReplica(secret);
    return secret;
  }

  remove(secret: Secret): void {
    this.byArn.delete(secret.arn);
  }

  /** Secrets whose recovery window is over are gone. */
  private purge(): void {
    const now = this.clock.now();
    for (const secret of this.byArn.values()) {
      if (secret.deletionDate && secret.deletionDate <= now) this.remove(secret);
    }
  }
}
