import type { Instant } from '../../contract/instant';
import type { AccessKeyStore } from '../../handlers/core/model/ports';
import type { UsageTrail, UserDirectory } from '../../handlers/core/retirement/retirement-ports';
import type { CredentialReport } from './credential-report';

/** An IAM user, as ListUsers shows it. */
export interface ListedUser {
  readonly userName: string;
  readonly userId: string;
  readonly path: string;
  readonly createdAt: Instant;
}

/** What `import: true` has to say of a user, so that its plan changes nothing. */
export interface UserAccess {
  readonly tags: Readonly<Record<string, string>>;
  readonly permissionsBoundaryArn?: string | undefined;
  readonly policyArns: readonly string[];
  readonly groups: readonly string[];
  readonly inlinePolicies: readonly string[];
}

/** What `adopt` reads of an account; nothing here changes anything. */
export interface Account {
  /** `111122223333` */
  accountId(): Promise<string>;
  users(): Promise<readonly ListedUser[]>;
  /** Has IAM make the report if there is none of the last 4 hours, and waits for it. */
  credentialReport(): Promise<CredentialReport>;
  readonly keys: Pick<AccessKeyStore, 'list' | 'lastUsed'>;
  hasPassword(userName: string): Promise<boolean>;
  hasMfa(userName: string): Promise<boolean>;
  tags(userName: string): Promise<Readonly<Record<string, string>>>;
  /** For users that move here. */
  access(userName: string): Promise<UserAccess>;
  readonly trail: UsageTrail;
  /** Of the stack with the prefix; undefined: the region has no table of that name. */
  rotatedUsers(): Promise<Awaited<ReturnType<UserDirectory['list']>> | undefined>;
}
