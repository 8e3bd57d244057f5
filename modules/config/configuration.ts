/** The whole of `rotation.yaml`, checked and resolved: every default is filled in, and it is deeply frozen. */
export interface Configuration {
  /** The file it was read from, as it was named. */
  readonly file: string;
  /** In the order of the file. */
  readonly stacks: readonly StackConfiguration[];
  /** What is allowed and yet worth a look; whoever loads the configuration prints it. */
  readonly warnings: readonly ConfigurationWarning[];
}

/** Something allowed, yet worth a look. Its text starts with the place, as an error's does. */
export interface ConfigurationWarning {
  /** `stacks.production.functions` */
  readonly path: string;
  /** One readable text: place, what was found, what it leads to, what to do. */
  readonly text: string;
}

/** One Terraform stack: an account, a region and a state. */
export interface StackConfiguration {
  /** Its key in the file: `[A-Za-z_][A-Za-z0-9_-]*`. Also the name of the folder under `cdktf.out/stacks`. */
  readonly name: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov` …: follows from the region. */
  readonly partition: string;
  /** Of every name the stack makes, save its secrets'; no two stacks of one account share it. */
  readonly prefix: string;
  /** Of its secrets' names: the prefix, of a shard that of the stack it belongs to. */
  readonly secretPrefix: string;
  /** The stack has shards, or is one: secrets whose names begin alike belong to others, too. */
  readonly sharded: boolean;
  /** The role that Terraform assumes; absent: the credentials that Terraform runs with. */
  readonly deployRoleArn?: string;
  /** What the deploy role's trust policy asks for. */
  readonly deployRoleExternalId?: string;
  /** How the session of the deploy role is called. */
  readonly deployRoleSessionName?: string;
  readonly backend: BackendConfiguration;
  /** One rotation function for each user, or one for all users of the stack. */
  readonly functions: FunctionLayout;
  /** Encrypts the secrets; absent: the account's `aws/secretsmanager` key. */
  readonly kmsKeyArn?: string;
  /** Of the functions' roles. The users' own is `UserConfiguration.permissionsBoundaryArn`. */
  readonly permissionsBoundaryArn?: string;
  /** Of the functions' roles: begins and ends with `/`. */
  readonly rolePath: string;
  /** For everything the stack makes that can carry tags. `UserConfiguration.tags` already contains them. */
  readonly tags: Readonly<Record<string, string>>;
  /** One of the values that CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /** Encrypts the log groups; absent: CloudWatch Logs' own key. */
  readonly logKmsKeyArn?: string;
  /**
   * False lifts the guard against removing a user unannounced and the table's deletion protection,
   * for throw-away stacks.
   */
  readonly protection: boolean;
  /** How long a deleted secret can be restored: 7 to 30 days, or 0 for not at all. */
  readonly secretRecoveryDays: number;
  /** `report`: the retirement function decides and reports, and changes nothing. */
  readonly retirement: 'act' | 'report';
  /** How many keys one run of the retirement function deletes at most: 1 to 5000. */
  readonly maximumDeletionsPerRun: number;
  readonly metrics: {
    /** Metrics of each user beside those of the stack. */
    readonly perUser: boolean;
  };
  readonly alerts: AlertsConfiguration;
  /** In the order of the file. */
  readonly users: readonly UserConfiguration[];
}

/** Who is told when something is wrong. */
export interface AlertsConfiguration {
  readonly emails: readonly string[];
  /** Standard SNS topics that are there already, in the stack's region. */
  readonly topicArns: readonly string[];
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
  /** Alarms for each rotation function. Without meaning with `shared`. */
  readonly perFunctionAlarms: boolean;
  /** Encrypts the stack's own topic; absent: the account's `aws/sns` key. */
  readonly kmsKeyArn?: string;
}

export type FunctionLayout = 'per-user' | 'shared';

export type BackendConfiguration =
  LocalBackendConfiguration | S3BackendConfiguration | HttpBackendConfiguration;

export interface HttpBackendConfiguration {
  readonly kind: 'http';
  readonly address: string;
  readonly updateMethod: string;
  /** Absent: the state is not locked. */
  readonly lock?: HttpLock;
}

export interface HttpLock {
  readonly address: string;
  readonly method: string;
  readonly unlockAddress: string;
  readonly unlockMethod: string;
}

export interface LocalBackendConfiguration {
  readonly kind: 'local';
  /** As written: relative to the folder that the project is synthesized in, or absolute. Never in `cdktf.out`. */
  readonly path: string;
}

export interface S3BackendConfiguration {
  readonly kind: 's3';
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Lock by a file beside the state (Terraform 1.10 and newer). */
  readonly useLockfile: boolean;
  /** The state is always encrypted. */
  readonly encrypt: true;
  readonly kmsKeyId?: string;
  readonly roleArn?: string;
}

/** One rotated user, with its effective values: its own, else those of `defaults`, else the product's. */
export interface UserConfiguration {
  /** The stable key: Terraform addresses, function, role, secret and journal are named after it. */
  readonly key: string;
  /** The IAM user's name; the stable key unless the file says otherwise. */
  readonly userName: string;
  /** The IAM user is there already: it is looked up, never created, changed or deleted. */
  readonly existing: boolean;
  /** The IAM user is there already: Terraform imports it, and it then is as one that was created here. */
  readonly import: boolean;
  /** Announces that the user's entry will be removed, so that it may be. */
  readonly decommission: boolean;
  /** Begins and ends with `/`. Without meaning if `existing`. */
  readonly path: string;
  /** Managed policies attached to the user. Empty if `existing`. */
  readonly policyArns: readonly string[];
  /** Principals that may read the secret: role, user and account (`:root`) ARNs. */
  readonly readers: readonly string[];
  /** The user may read its own secret. */
  readonly selfRenewal: boolean;
  /** The SMTP password of this region is stored with each new key. Absent: none. */
  readonly sesSmtp?: { readonly region: string };
  /** Regions that the secret is copied to, beside the stack's own. */
  readonly replicas: readonly ReplicaConfiguration[];
  readonly owner?: string;
  /** The stack's tags and the user's own; the own ones win. For the user, its secret and its function. */
  readonly tags: Readonly<Record<string, string>>;
  /** The IAM user's own. */
  readonly permissionsBoundaryArn?: string;
  readonly schedule: RotationSchedule;
  readonly overlapSeconds: number;
  readonly gracePeriodSeconds: number;
  readonly maximumKeyAgeSeconds: number;
  /** `hold` only with an overlap of at least 6 hours. */
  readonly whenStillInUse: 'hold' | 'retire';
  /** Keys of the user that this product did not make and is to retire. Absent: none. */
  readonly takeOver?: 'all' | readonly string[];
  readonly exemption?: Exemption;
}

/** A copy of a secret in another region, which only Secrets Manager writes. */
export interface ReplicaConfiguration {
  readonly region: string;
  /** Encrypts the copy; absent: the account's `aws/secretsmanager` key of that region. */
  readonly kmsKeyArn?: string;
}

/** No rotation and no retirement for a while. */
export interface Exemption {
  readonly reason: string;
  /** The moment of its end, in ISO 8601 and UTC. It may be over. */
  readonly until: string;
}

/** When Secrets Manager rotates. */
export interface RotationSchedule {
  /** `schedule_expression` of the rotation rules: `cron(0 13 17 1,3,5,7,9,11 ? *)`. */
  readonly expression: string;
  /** How long after its start a rotation may begin; `duration` of the rotation rules is `<windowHours>h`. */
  readonly windowHours: number;
  /** Days between the starts of two windows that follow each other: at most. */
  readonly longestGapDays: number;
  /** Days between the starts of two windows that follow each other: at least. */
  readonly shortestGapDays: number;
}
