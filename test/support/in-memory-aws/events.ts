import type { CallerIdentity, VersionLabel } from '../../../handlers/core/model/ports';
import type { Instant } from '../../../contract/instant';

export type Labels = Readonly<Partial<Record<VersionLabel, string>>>;

/** The moments up to which a process had seen the world when it made a call. */
export interface Sight {
  readonly process: number;
  readonly listedAsOf: Instant | undefined;
  readonly describedAsOf: Instant | undefined;
  readonly journalAsOf: Instant | undefined;
  /** Keys of which GetAccessKeyLastUsed has answered. */
  readonly lastUsedOf: ReadonlySet<string>;
}

/** Who does something: a process of the product, a person, or Secrets Manager itself. */
export type Doer =
  { readonly by: 'person' | 'secretsManager' } | { readonly by: 'product'; readonly sight: Sight };

export type KeyStatus = 'Active' | 'Inactive' | 'Gone';

/** What happened at AWS, as an all-seeing witness would note it. */
export type AwsEvent = { readonly at: Instant; readonly doer: Doer } & (
  | { readonly what: 'keyCreated'; readonly keyId: string }
  | { readonly what: 'keyChanged'; readonly keyId: string; readonly was: KeyStatus; readonly is: KeyStatus }
  | { readonly what: 'labelsMoved'; readonly secretArn: string; readonly was: Labels; readonly is: Labels }
  | {
      readonly what: 'valuePut';
      readonly secretArn: string;
      readonly versionId: string;
      readonly text: string;
    }
  | { readonly what: 'probed'; readonly keyId: string; readonly identity: CallerIdentity | undefined }
  | { readonly what: 'journalWritten'; readonly stableKey: string; readonly text: string }
  | { readonly what: 'deliveriesWritten'; readonly stableKey: string; readonly text: string }
  | {
      readonly what: 'targetWritten';
      /** See `targetName`. */
      readonly target: string;
      readonly was: string | undefined;
      readonly is: string | undefined;
    }
);

export type Witness = (event: AwsEvent) => void;
