import { ACCESS_KEYS_PER_USER, type AccessKey, type LastUse } from '../../../handlers/core/model/access-key';
import type { CallName, CallRefusedError } from '../../../handlers/core/model/call-errors';
import { SECOND, type Instant } from '../../../contract/instant';
import type { CallerIdentity } from '../../../handlers/core/model/ports';
import type { Doer, KeyStatus, Witness } from './events';
import { call, refusal } from './refusals';
import { Timeline } from './timeline';

/** Every secret access key of the in-memory AWS begins so: whatever shows this text, shows a secret. */
export const SECRET_MARKER = 'hushHush';

export interface UserRecord {
  readonly userName: string;
  readonly userId: string;
  readonly accountId: string;
}

export interface KeyRecord {
  readonly id: string;
  readonly userId: string;
  readonly secret: string;
  readonly bornAt: Instant;
  readonly status: Timeline<KeyStatus>;
  readonly uses: LastUse[];
}

/** IAM's access keys and STS's look at them. Knows the truth of every moment; its answers are as of any moment. */
export class InMemoryIam {
  /** Who has a name, over time. */
  readonly #users = new Map<string, Timeline<UserRecord | undefined>>();
  /** By id, which outlives the name. */
  readonly #byId = new Map<string, UserRecord>();
  readonly #keys = new Map<string, KeyRecord>();

  constructor(private readonly witness: Witness) {}

  addUser(user: UserRecord, now: Instant = -Infinity): void {
    this.#nameIs(user.userName, user, now);
    this.#byId.set(user.userId, user);
  }

  user(userName: string): UserRecord | undefined {
    return this.#users.get(userName)?.now;
  }

  /** A person deletes a user, with its keys, as IAM demands. */
  removeUser(userName: string, now: Instant): void {
    for (const { id } of this.keysOf(userName)) this.delete(userName, id, now, { by: 'person' });
    this.#nameIs(userName, undefined, now);
  }

  /** A person renames a user: its id and its keys stay. */
  renameUser(userName: string, newName: string, now: Instant): void {
    const user = { ...this.#requireUser(call.listAccessKeys, userName), userName: newName };
    this.#nameIs(userName, undefined, now);
    this.addUser(user, now);
  }

  #nameIs(userName: string, user: UserRecord | undefined, now: Instant): void {
    const timeline = this.#users.get(userName);
    if (timeline === undefined) this.#users.set(userName, new Timeline(now, user));
    else timeline.set(now, user);
  }

  /** Every key that IAM ever had of the user of that name, gone ones included. */
  keysEver(userName: string): readonly KeyRecord[] {
    return this.#keysEverOf(this.user(userName));
  }

  #keysEverOf(user: UserRecord | undefined): readonly KeyRecord[] {
    return [...this.#keys.values()].filter((key) => key.userId === user?.userId);
  }

  keysOf(userName: string): readonly KeyRecord[] {
    return this.keysEver(userName).filter((key) => key.status.now !== 'Gone');
  }

  key(keyId: string): KeyRecord | undefined {
    return this.#keys.get(keyId);
  }

  list(userName: string, asOf: Instant): readonly AccessKey[] {
    const user = this.#users.get(userName)?.at(asOf);
    if (user === undefined) throw noSuchUser(call.listAccessKeys, userName);
    const listed: AccessKey[] = [];
    for (const key of this.#keysEverOf(user)) {
      const status = key.status.at(asOf);
      if (status === undefined || status === 'Gone') continue;
      listed.push({ id: key.id, status, createdAt: createdAt(key) });
    }
    return listed;
  }

  create(userName: string, now: Instant, doer: Doer): KeyRecord {
    const { userId } = this.#requireUser(call.createAccessKey, userName);
    if (this.keysOf(userName).length >= ACCESS_KEYS_PER_USER) {
      throw refusal(
        call.createAccessKey,
        'limitExceeded',
        'LimitExceeded',
        `Cannot exceed quota for AccessKeysPerUser: ${ACCESS_KEYS_PER_USER}`,
      );
    }
    const number = this.#keys.size + 1;
    const key: KeyRecord = {
      id: `AKIA${String(number).padStart(9, 'M')}EXAMPLE`,
      userId,
      secret: `${SECRET_MARKER}${String(number).padStart(40 - SECRET_MARKER.length, '+')}`,
      bornAt: now,
      status: new Timeline<KeyStatus>(now, 'Active'),
      uses: [],
    };
    this.#keys.set(key.id, key);
    this.witness({ what: 'keyCreated', at: now, doer, keyId: key.id });
    return key;
  }

  setStatus(userName: string, keyId: string, is: 'Active' | 'Inactive', now: Instant, doer: Doer): void {
    this.#change(call.updateAccessKey, userName, keyId, is, now, doer);
  }

  delete(userName: string, keyId: string, now: Instant, doer: Doer): void {
    this.#change(call.deleteAccessKey, userName, keyId, 'Gone', now, doer);
  }

  #change(name: CallName, userName: string, keyId: string, is: KeyStatus, now: Instant, doer: Doer): void {
    const { userId } = this.#requireUser(name, userName);
    const key = this.#keys.get(keyId);
    if (key?.userId !== userId || key.status.now === 'Gone') {
      throw refusal(name, 'notFound', 'NoSuchEntity', `The Access Key with id ${keyId} cannot be found.`);
    }
    const was = key.status.now;
    key.status.set(now, is);
    this.witness({ what: 'keyChanged', at: now, doer, keyId, was, is });
  }

  /** Somebody signs a request with the key. */
  use(keyId: string, service: string, now: Instant): void {
    this.#keys.get(keyId)?.uses.push({ at: now, service, region: 'eu-west-1' });
  }

  lastUsed(keyId: string, asOf: Instant): LastUse | undefined {
    const key = this.#keys.get(keyId);
    if (key === undefined || key.status.now === 'Gone') {
      throw refusal(call.getAccessKeyLastUsed, 'notFound', 'NoSuchEntity', `No access key with id ${keyId}.`);
    }
    return key.uses.filter(({ at }) => at <= asOf).at(-1);
  }

  /** GetCallerIdentity as STS, which learns of keys later than IAM, answers it. */
  callerIdentity(keyId: string, secret: string, asOf: Instant, now: Instant, doer: Doer): CallerIdentity {
    const key = this.#keys.get(keyId);
    if (key?.status.at(asOf) !== 'Active') {
      this.witness({ what: 'probed', at: now, doer, keyId, identity: undefined });
      throw refusal(
        call.getCallerIdentity,
        'unknownKey',
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
      );
    }
    if (key.secret !== secret) {
      this.witness({ what: 'probed', at: now, doer, keyId, identity: undefined });
      throw refusal(
        call.getCallerIdentity,
        'wrongSecret',
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided.',
      );
    }
    this.use(keyId, 'sts', now);
    const { accountId, userId, userName } = this.#byId.get(key.userId)!;
    const identity = { accountId, userId, arn: `arn:aws:iam::${accountId}:user/${userName}` };
    this.witness({ what: 'probed', at: now, doer, keyId, identity });
    return identity;
  }

  #requireUser(name: CallName, userName: string): UserRecord {
    const user = this.user(userName);
    if (user === undefined) throw noSuchUser(name, userName);
    return user;
  }
}

const noSuchUser = (name: CallName, userName: string): CallRefusedError =>
  refusal(name, 'userNotFound', 'NoSuchEntity', `The user with name ${userName} cannot be found.`);

/** IAM shows whole seconds. */
export const createdAt = (key: KeyRecord): Instant => Math.floor(key.bornAt / SECOND) * SECOND;
