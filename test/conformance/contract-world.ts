import type { Instant } from '../../contract/instant';
import type { EmergencyStore } from '../../handlers/core/model/emergencies';
import type { AcknowledgementStore } from '../../handlers/core/model/acknowledgements';
import type {
  AccessKeyStore,
  CredentialProbe,
  JournalStore,
  SecretStore,
  SettingsStore,
} from '../../handlers/core/model/ports';
import type { Settings } from '../../contract/settings';

/** A user with an empty secret, which no other test touches. */
export interface ContractUser {
  readonly stableKey: string;
  readonly userName: string;
  readonly userId: string;
  readonly accountId: string;
  readonly secretArn: string;
}

/** An AWS that the contract is held against, reached through the ports. */
export interface ContractWorld {
  readonly keys: AccessKeyStore;
  readonly secrets: SecretStore;
  readonly probe: CredentialProbe;
  readonly journals: JournalStore;
  readonly acknowledgements: AcknowledgementStore;
  readonly emergencies: EmergencyStore;
  readonly settings: SettingsStore;
  newUser(): Promise<ContractUser>;
  now(): Instant;
  /** Lets half a second pass. */
  pause(): Promise<void>;
  /** Lets so much time pass that every key that was made is known everywhere. */
  untilKeysAreKnown(): Promise<void>;
  /** What others than the product do. */
  readonly byHand: {
    /** Secrets Manager begins a rotation: it announces a version, and does nothing else. */
    beginRotation(user: ContractUser): Promise<string>;
    /** Deletes the secret, to be gone after 30 days. */
    deleteSecret(user: ContractUser): Promise<void>;
    restoreSecret(user: ContractUser): Promise<void>;
    copySecretTo(user: ContractUser, region: string): Promise<void>;
    /** Terraform tags the secret with the id of its user. */
    tagSecret(user: ContractUser): Promise<void>;
    writeSettings(user: ContractUser, settings: Settings): Promise<void>;
    garbleSettings(user: ContractUser): Promise<void>;
    garbleJournal(user: ContractUser): Promise<void>;
    garbleAcknowledgements(user: ContractUser): Promise<void>;
    garbleEmergency(whose: string): Promise<void>;
  };
  stop(): Promise<void>;
}
