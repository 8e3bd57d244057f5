import type { ITerraformDependable } from 'cdktf';

import type { Settings } from '../../contract/settings';
import type { AwsPlace } from '../aws/aws-place';
import type { TargetConfiguration } from '../config/configuration';
import type { JsonReference } from '../terraform/json-text';
import type { TerraformCondition, TerraformReference } from '../terraform/reference';
import type { JournalTableReference } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import type { ExistingUser, NewUser } from './iam-user';
import type { ReplicaReference, SecretReplica } from './key-secret';
import type { Readers } from './readers';
import type { RotationFunction } from './rotation-function';

/** A function for this user alone. */
export interface OwnFunction {
  readonly kind: 'own';
  /** @default {} */
  readonly defaults?: FunctionDefaults;
}

/** The function that all users of the stack share. */
export interface SharedFunction {
  readonly kind: 'shared';
  readonly rotation: RotationFunction;
}

/**
 * Strings, numbers and maps may be Terraform references, save where it says otherwise; booleans are plain, and so is
 * whether something optional is given. When the user is rotated comes from `rotationTiming`, which checks it.
 */
export interface RotatedUserProps {
  /**
   * Names everything that is made for the user. It begins with a letter or _ and has letters, digits, _ and -, and not more than
   * the names of functions and roles, `<prefix>-<stable key>`, have room for: 64 characters.
   */
  readonly stableKey: string;
  /**
   * Name in the Terraform addresses. Never a reference.
   * @default the stable key, which is then no reference either
   */
  readonly address?: string;
  /**
   * Of all names on AWS; the secret is `<prefix>/<stable key>`, the function `<prefix>-<stable key>`.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  /**
   * Of the secret's name, where it is another.
   * @default prefix
   */
  readonly secretPrefix?: string;
  /**
   * The IAM user's name. A change renames the user.
   * @default the stable key
   */
  readonly userName?: string;
  /** @default a new user without policies */
  readonly user?: NewUser | ExistingUser;
  /** Who is responsible: in the settings, for messages. */
  readonly owner?: string;
  /**
   * Customer key that encrypts the secret.
   * @default the account's own `aws/secretsmanager`
   */
  readonly kmsKeyArn?: string;
  /**
   * How long the secret can be restored after it was deleted: 7 to 30 days, or 0 for not at all.
   * @default 30
   */
  readonly secretRecoveryDays?: number;
  /**
   * Who may read the secret, besides those whom the account's own policies admit: ARNs of roles and users, which may be
   * references and need not exist, and of accounts, which end in `:root` as they are written here.
   * @default nobody
   */
  readonly readers?: Readers;
  /**
   * Whether the user may read its own secret.
   * @default false
   */
  readonly selfRenewal?: boolean;
  /**
   * The region whose SMTP password is stored with each new key.
   * @default none
   */
  readonly sesSmtp?: { readonly region: string };
  /**
   * Where every new key goes besides: `KeyDelivery` takes it there. Or whether it goes anywhere: `optionalSettings` then says where.
   * @default nowhere
   */
  readonly deliver?: readonly TargetConfiguration[] | TerraformCondition;
  /**
   * What has to be said, or seen, of the current key before a previous one is retired; `remindAfterSeconds`: people are reminded so
   * long after a promotion. `KeyRetirement` has to know of it: see its `acknowledges`.
   * @default nothing
   */
  readonly acknowledgement?: Settings['acknowledgement'];
  /**
   * Regions that the secret is copied to, each with the key that encrypts the copy.
   * @default none
   */
  readonly replicas?: readonly SecretReplica[] | ReplicaReference;
  /** How long the previous key stays Active. Seconds. */
  readonly overlapSeconds: number;
  /** How long it then stays deactivated before it is deleted. Seconds. */
  readonly gracePeriodSeconds: number;
  /** The policy: what is Active for longer is reported. Seconds. */
  readonly maximumKeyAgeSeconds: number;
  /** What becomes of a previous key that is still in use when its overlap is over. */
  readonly whenStillInUse: 'hold' | 'retire' | TerraformReference;
  /**
   * Keys that this product did not make and is to retire: all, or these.
   * @default none
   */
  readonly takeOver?: 'all' | readonly string[];
  /** No rotation and no retirement until then: a moment in ISO 8601, UTC. */
  readonly exemption?: { readonly reason: string; readonly until: string };
  /**
   * Settings of which only Terraform knows whether they are there, in place of `owner`, `takeOver`, `exemption`,
   * `sesSmtp` and the targets of `deliver`: see `SettingsItem`.
   * @default none
   */
  readonly optionalSettings?: string;
  /**
   * The name of the secret, where only Terraform knows the stable key: a reference to what `secretName` makes of it.
   * @default made of the stable key
   */
  readonly secretNameReference?: string;
  readonly schedule: {
    /** `rate(…)` or `cron(…)` as Secrets Manager takes it. UTC. */
    readonly expression: string;
    /** 1 to 24. */
    readonly windowHours: number;
    /**
     * Between the starts of two windows that follow each other: at most. Never a reference.
     * @default not known here: whoever gives `optionalSettings` says `rotatedWithinSeconds` there
     */
    readonly longestGapDays?: number;
  };
  /** @default a function of its own */
  readonly function?: OwnFunction | SharedFunction;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  /**
   * Whether the user may be removed: see `RemovalGuard`.
   * @default false
   */
  readonly removalAnnounced?: boolean | JsonReference;
  /**
   * What else the guard against removal guards: what the whole stack needs.
   * @default nothing
   */
  readonly guards?: readonly ITerraformDependable[];
  /**
   * Of the user, its secret and its function.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}
