import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  type Tag,
  type User,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { MINUTE, SECOND } from '../../contract/instant';
import { allPages, type Page } from '../../handlers/aws/all-pages';
import { callAws, incomplete, type Answered } from '../../handlers/aws/call-aws';
import { CloudTrailUsageTrail } from '../../handlers/aws/cloudtrail-usage-trail';
import { IamAccessKeyStore } from '../../handlers/aws/iam-access-key-store';
import { CallRefusedError, type CallName } from '../../handlers/core/model/call-errors';
import type { Clock } from '../../handlers/core/model/ports';
import { IAM_RATE, Pacer } from '../../handlers/core/retirement/pacer';
import { clientConfig } from '../aws-options';
import { LOOK_UPS_A_SECOND } from '../event-history';
import type { Stack } from '../stack';
import type { Account, ListedUser } from './account';
import { type CredentialReport, parseCredentialReport } from './credential-report';

/** An account has 5,000 users unless AWS raises it, and IAM may give few on a page: F 2.1, F 2.2. */
const MOST_PAGES = 1_000;

const REPORT_WAIT = 10 * MINUTE;
const REPORT_POLL = 2 * SECOND;

const LOOK_UP_RATE = { startRate: LOOK_UPS_A_SECOND, maximumRate: LOOK_UPS_A_SECOND };

const iam = (action: string): CallName => ({ service: 'IAM', action });

/** Reads the account of a stack, or of one to come, with the caller's credentials, no faster than AWS allows. */
export function awsAccount({
  connection,
  clock,
  ports,
}: Pick<Stack, 'connection' | 'clock' | 'ports'>): Account {
  const config = { ...clientConfig(connection), systemClockOffset: clock.offset };
  // Tried once: the pacer has to see when AWS throttles.
  const client = new IAMClient({ ...config, maxAttempts: 1 });
  const keys = new IamAccessKeyStore(client, client);
  const trail = new CloudTrailUsageTrail(new CloudTrailClient({ ...config, maxAttempts: 1 }));
  const [pacer, lookUps] = [new Pacer(clock, IAM_RATE), new Pacer(clock, LOOK_UP_RATE)];

  const ask = <Output extends Answered>(
    action: string,
    send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  ): Promise<Output> => pacer.read(() => callAws(iam(action), 'reads', send));

  const list = <Item>(
    action: string,
    read: (
      marker: string | undefined,
      options: { abortSignal: AbortSignal },
    ) => Promise<Answered & PageOf & { readonly items: readonly Item[] | undefined }>,
  ): Promise<readonly Item[]> =>
    allPages(iam(action), MOST_PAGES, async (marker: string | undefined): Promise<Page<Item, string>> => {
      const { items, IsTruncated, Marker } = await ask(action, (options) => read(marker, options));
      return { items, isLast: IsTruncated === undefined ? undefined : !IsTruncated, next: Marker };
    });

  const tags = async (userName: string): Promise<Readonly<Record<string, string>>> =>
    named(
      await list('ListUserTags', async (Marker, options) => {
        const page = await client.send(new ListUserTagsCommand({ UserName: userName, Marker }), options);
        return { ...page, items: page.Tags };
      }),
    );

  return {
    async accountId() {
      const { Account: accountId } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
      if (accountId === undefined) throw new Error('AWS STS does not say which account it is.');
      return accountId;
    },
    users: async () =>
      (
        await list('ListUsers', async (Marker, options) => {
          const page = await client.send(new ListUsersCommand({ Marker, MaxItems: 1_000 }), options);
          return { ...page, items: page.Users };
        })
      ).map(toListedUser),
    credentialReport: () => readReport(ask, client, clock),
    keys: {
      list: (userName) => pacer.read(() => keys.list(userName)),
      lastUsed: (keyId) => pacer.read(() => keys.lastUsed(keyId)),
    },
    hasPassword: (userName) =>
      unlessNotFound(false, async () => {
        const UserName = userName;
        await ask('GetLoginProfile', (options) =>
          client.send(new GetLoginProfileCommand({ UserName }), options),
        );
        return true;
      }),
    async hasMfa(userName) {
      const devices = await list('ListMFADevices', async (Marker, options) => {
        const page = await client.send(new ListMFADevicesCommand({ UserName: userName, Marker }), options);
        return { ...page, items: page.MFADevices };
      });
      return devices.length > 0;
    },
    tags,
    async access(userName) {
      const UserName = userName;
      const { User: user } = await ask('GetUser', (options) =>
        client.send(new GetUserCommand({ UserName }), options),
      );
      // Without its tags the entry would take them off.
      if (user === undefined) throw incomplete(iam('GetUser'), 'the answer holds no user');
      const attached = await list('ListAttachedUserPolicies', async (Marker, options) => {
        const page = await client.send(new ListAttachedUserPoliciesCommand({ UserName, Marker }), options);
        return { ...page, items: page.AttachedPolicies };
      });
      const groups = await list('ListGroupsForUser', async (Marker, options) => {
        const page = await client.send(new ListGroupsForUserCommand({ UserName, Marker }), options);
        return { ...page, items: page.Groups };
      });
      const inlinePolicies = await list('ListUserPolicies', async (Marker, options) => {
        const page = await client.send(new ListUserPoliciesCommand({ UserName, Marker }), options);
        return { ...page, items: page.PolicyNames };
      });
      return {
        tags: named(user.Tags ?? []),
        permissionsBoundaryArn: user.PermissionsBoundary?.PermissionsBoundaryArn,
        policyArns: attached.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn])),
        groups: groups.flatMap(({ GroupName }) => (GroupName === undefined ? [] : [GroupName])),
        inlinePolicies,
      };
    },
    trail: { recentUses: (keyId) => lookUps.read(() => trail.recentUses(keyId)) },
    rotatedUsers: () => unlessNotFound(undefined, () => ports.directory.list()),
  };
}

interface PageOf {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

const named = (tags: readonly Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

function toListedUser({ UserName, UserId, Path, CreateDate }: User): ListedUser {
  if (UserName === undefined || UserId === undefined || Path === undefined || CreateDate === undefined)
    throw incomplete(iam('ListUsers'), 'the answer holds a user without a name, an id, a path or a date');
  return { userName: UserName, userId: UserId, path: Path, createdAt: CreateDate.getTime() };
}

async function unlessNotFound<Result>(otherwise: Result, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === 'notFound') return otherwise;
    throw error;
  }
}

type Ask = <Output extends Answered>(
  action: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
) => Promise<Output>;

/** IAM makes a report within seconds to minutes, and answers with what it made within the last 4 hours (F 7.5). */
async function readReport(ask: Ask, client: IAMClient, clock: Clock): Promise<CredentialReport> {
  const until = clock.now() + REPORT_WAIT;
  for (;;) {
    const { State } = await ask('GenerateCredentialReport', (options) =>
      client.send(new GenerateCredentialReportCommand({}), options),
    );
    if (State === 'COMPLETE') break;
    if (clock.now() > until)
      throw new Error(
        `IAM has not finished its credential report within ${REPORT_WAIT / MINUTE} minutes. Try again later.`,
      );
    await clock.sleep(REPORT_POLL);
  }
  const { Content, GeneratedTime } = await ask('GetCredentialReport', (options) =>
    client.send(new GetCredentialReportCommand({}), options),
  );
  if (Content === undefined || GeneratedTime === undefined)
    throw incomplete(iam('GetCredentialReport'), 'the answer holds no report, or does not say of when it is');
  return parseCredentialReport(new TextDecoder().decode(Content), GeneratedTime.getTime());
}
