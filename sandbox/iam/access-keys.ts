import { randomBytes } from 'node:crypto';

import type { SandboxClock } from '../clock';

export interface IamUser {
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
}

export interface KeyUse {
  readonly at: Date;
  readonly service: string;
  readonly region: string;
}

export interface AccessKey {
  readonly id: string;
  readonly secretAccessKey: string;
  /** Replaced when the user is renamed. */
  user: IamUser;
  status: 'Active' | 'Inactive';
  readonly createdAt: Date;
  /** When it was deactivated or deleted last. */
  refusedSince: Date | undefined;
  deleted: boolean;
  /** How often it was looked up while it was new. */
  looksWhileNew: number;
  readonly uses: KeyUse[];
}

export interface AccessKeyTiming {
  /** How long a new key is not known everywhere. Observed at AWS: 5 to 15 s. */
  readonly propagation: { readonly delaySeconds: number; readonly flapping: boolean };
  /** How long a deactivated or deleted key still works. Observed at AWS: 3 to 4 s. */
  readonly revocationDelaySeconds: number;
  /** How late GetAccessKeyLastUsed learns of a use. AWS: minutes to hours. */
  readonly lastUsedLagSeconds: number;
}

/**
 * The access keys of all IAM users. moto's own keys never become invalid and are known at once, so they are kept
 * here instead.
 */
export class AccessKeys {
  private readonly byId = new Map<string, AccessKey>();

  constructor(
    private readonly clock: SandboxClock,
    private readonly timing: AccessKeyTiming,
  ) {}

  create(user: IamUser): AccessKey {
    this.forgetDeleted();
    const key: AccessKey = {
      id: `AKIA${randomKeyId()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      user,
      status: 'Active',
      createdAt: this.clock.now(),
      refusedSince: undefined,
      deleted: false,
      looksWhileNew: 0,
      uses: [],
    };
    this.byId.set(key.id, key);
    return key;
  }

  /** A key that exists, Active or not. */
  find(id: string): AccessKey | undefined {
    const key = this.byId.get(id);
    return key?.deleted ? undefined : key;
  }

  ofUser(userId: string): readonly AccessKey[] {
    return [...this.byId.values()].filter((key) => !key.deleted && key.user.userId === userId);
  }

  setStatus(key: AccessKey, status: AccessKey['status']): void {
    if (key.status === 'Active' && status === 'Inactive') key.refusedSince = this.clock.now();
    key.status = status;
  }

  delete(key: AccessKey): void {
    if (key.status === 'Active') key.refusedSince = this.clock.now();
    key.deleted = true;
  }

  renameUser(userId: string, user: Omit<IamUser, 'userId'>): void {
    for (const key of this.byId.values()) if (key.user.userId === userId) key.user = { userId, ...user };
  }

  /** The key, if a service that is asked now would accept it. */
  findAccepted(id: string): AccessKey | undefined {
    const key = this.byId.get(id);
    if (!key) return undefined;
    if (key.deleted || key.status === 'Inactive') {
      const sinceMs = this.clock.now().getTime() - (key.refusedSince?.getTime() ?? 0);
      return sinceMs < this.timing.revocationDelaySeconds * 1000 ? key : undefined;
    }
    const ageMs = this.clock.now().getTime() - key.createdAt.getTime();
    if (ageMs >= this.timing.propagation.delaySeconds * 1000) return key;
    // Known on one server and not yet on the next: every third look finds it.
    key.looksWhileNew += 1;
    return this.timing.propagation.flapping && key.looksWhileNew % 3 === 2 ? key : undefined;
  }

  /** What no reporting will tell any more is forgotten: a key is used for months. */
  recordUse(key: AccessKey, service: string, region: string): void {
    key.uses.push({ at: this.clock.now(), service, region });
    const known = key.uses.findLastIndex((use) => this.isKnown(use));
    if (known > 0) key.uses.splice(0, known);
  }

  /** The last use that the reporting has heard of. */
  lastKnownUse(key: AccessKey): KeyUse | undefined {
    return key.uses.findLast((use) => this.isKnown(use));
  }

  private isKnown({ at }: KeyUse): boolean {
    return at.getTime() <= this.clock.now().getTime() - this.timing.lastUsedLagSeconds * 1000;
  }

  private forgetDeleted(): void {
    for (const key of this.byId.values())
      if (key.deleted && this.findAccepted(key.id) === undefined) this.byId.delete(key.id);
  }
}

/** The part behind AKIA or ASIA: 16 characters of base 32. */
export function randomKeyId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(16), (byte) => alphabet[byte % 32]).join('');
}
