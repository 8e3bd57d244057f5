import type {
  GithubActionsTarget,
  ParameterTarget,
  RestartTarget,
  SecretTarget,
} from '../../../contract/delivery';
import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { SecretMaterial } from '../../../contract/secret-material';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { LeasedStore, RotationPorts } from '../model/ports';
import type { Token } from './read-token';

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

/** The replacement of a service's tasks that began last, whoever began it. */
export interface Rollout {
  /** By AWS's clock. Every task that runs when it is complete was started later. */
  readonly startedAt: Instant;
  /** `complete`: no task of before runs any more. `failed`: AWS has given it up. */
  readonly state: 'underWay' | 'complete' | 'failed';
  /** AWS's own words about a failure. */
  readonly reason?: string | undefined;
}

/** Services whose tasks read a key when they start. */
export interface RestartTargets {
  /** @throws TargetRefusedError if there is no such service, or it cannot be restarted so */
  lastRollout(target: RestartTarget): Promise<Rollout>;
  /** Begins to replace its tasks. Done twice, they are replaced twice. */
  restart(target: RestartTarget): Promise<void>;
}

/** The secrets that hold the tokens for targets outside AWS. They are read at each delivery, and kept nowhere. */
export interface TokenSecrets {
  /** What AWSCURRENT holds. Undefined: there is no such secret, or it has no value yet. */
  read(id: string): Promise<SecretMaterial | undefined>;
}

/** Who sees a secret of an organization. */
export interface GithubVisibility {
  readonly visibility: 'all' | 'private' | 'selected';
  /** With `selected`. */
  readonly repositoryIds?: readonly number[];
}

/** What writing the secrets of one place takes. */
export interface GithubPlace {
  readonly token: SecretMaterial;
  readonly keyId: string;
  /** X25519, 32 bytes in base64: secrets are encrypted with it before they are sent. */
  readonly publicKey: string;
  /** Of an organization, by the names of the secrets. */
  readonly visibilities: Readonly<Record<string, GithubVisibility>>;
}

/** Secrets of GitHub Actions. */
export interface GithubSecrets {
  /** Writes nothing. */
  open(target: GithubActionsTarget, token: Token): Promise<GithubPlace>;
  /** Makes the secret, or gives it this value. */
  put(target: GithubActionsTarget, place: GithubPlace, name: string, text: SecretMaterial): Promise<void>;
}

/** A request with the key pair in it. */
export interface HttpsRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, SecretMaterial>>;
  readonly body: SecretMaterial;
  readonly allowPrivate: readonly string[];
}

export interface HttpsTargets {
  /** Only a 2xx is a yes. */
  send(request: HttpsRequest): Promise<void>;
}

/** What targets outside AWS take. */
export interface OutsidePorts {
  readonly githubSecrets: GithubSecrets;
  readonly httpsTargets: HttpsTargets;
}

/** What delivering one user's key needs. It changes no key and no label of ours. */
export interface DeliveryPorts
  extends
    OutsidePorts,
    Pick<RotationPorts, 'deliveries' | 'clock' | 'log' | 'lifecycle' | 'metrics' | 'newHolder'> {
  readonly secrets: Pick<RotationPorts['secrets'], 'read'>;
  readonly journals: Pick<RotationPorts['journals'], 'read'>;
  readonly deliveryJournals: LeasedStore<DeliveryJournal>;
  readonly secretTargets: SecretTargets;
  readonly parameterTargets: ParameterTargets;
  readonly restartTargets: RestartTargets;
  readonly tokens: TokenSecrets;
}

/** What a run over all users needs. */
export interface DeliverAllPorts extends DeliveryPorts {
  readonly directory: {
    /** Every user of the stack; the error where the settings do not parse (R8). */
    list(): Promise<readonly { readonly stableKey: string; readonly settings: Settings | Error }[]>;
  };
}
