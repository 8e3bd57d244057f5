import { DeleteLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  ListAccessKeysCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListUserTagsCommand,
  paginateListRoles,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, ListTagsCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { DeleteSecretCommand, paginateListSecrets } from '@aws-sdk/client-secrets-manager';

import { TAG_KEYS } from '../../contract/tags';
import type { Clients } from './clients';

/** What all names of what the command makes begin with. */
export const NAME_PREFIX = 'iam-key-rotation-verify-';

/** Where users and roles are, so that they are found without a look at all the others. */
export const IAM_PATH = '/iam-key-rotation-verify/';

/** Log groups are told by their names alone: the check of CreateLogGroup makes one with a role that may not tag. */
const LOG_GROUP_PREFIX = '/iam-key-rotation-verify/';

/** On everything but log groups. No tag of a configuration can have this key. */
export const TAG = { key: TAG_KEYS.verifyAccount, value: 'true' } as const;

/** In the order in which they are removed: what calls others first. */
export const KINDS = ['rule', 'secret', 'function', 'role', 'user', 'log group'] as const;

export type Kind = (typeof KINDS)[number];

/** Something that a check makes; its name comes with the run. */
export interface Part {
  readonly kind: Kind;
  /** Short, in kebab case; together with the kind it is unique in the list of assumptions. */
  readonly part: string;
}

export interface Resource {
  readonly kind: Kind;
  readonly name: string;
}

/** @param run names one run of the command, so that no two of them meet. */
export const nameOf = (run: string, { kind, part }: Part): string =>
  kind === 'log group' ? `${LOG_GROUP_PREFIX}${run}/${part}` : `${NAME_PREFIX}${run}-${part}`;

/** Everything that this command made in this account and region and that is still there: the name and the tag say so. */
export async function findOurs(clients: Clients): Promise<readonly Resource[]> {
  const found = await Promise.all(
    KINDS.map(async (kind) => (await FINDERS[kind](clients)).map((name) => ({ kind, name }))),
  );
  return found.flat();
}

/** Removes one, with what is in it. Nothing happens where it is gone already. */
export async function removeResource(clients: Clients, { kind, name }: Resource): Promise<void> {
  await unlessGone(REMOVERS[kind](clients, name));
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && /^(NoSuchEntity|ResourceNotFound)(Exception)?$/.test(error.name);

const isOurs = (tags: readonly { readonly Key?: string; readonly Value?: string }[] = []): boolean =>
  tags.some(({ Key, Value }) => Key === TAG.key && Value === TAG.value);

/** The names of those that have our tag. Between the two questions one may have been deleted. */
async function tagged<Item>(
  items: readonly Item[],
  nameOfItem: (item: Item) => string | undefined,
  tagsOf: (item: Item) => Promise<Parameters<typeof isOurs>[0]>,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const item of items) {
    const name = nameOfItem(item);
    if (name?.startsWith(NAME_PREFIX) !== true) continue;
    try {
      if (isOurs(await tagsOf(item))) names.push(name);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return names;
}

async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
) {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

const FINDERS: Readonly<Record<Kind, (clients: Clients) => Promise<readonly string[]>>> = {
  async user({ iam }) {
    const users = await all(
      paginateListUsers({ client: iam }, { PathPrefix: IAM_PATH }),
      ({ Users }) => Users,
    );
    return tagged(
      users,
      ({ UserName }) => UserName,
      async ({ UserName }) => (await iam.send(new ListUserTagsCommand({ UserName }))).Tags,
    );
  },
  async role({ iam }) {
    const roles = await all(
      paginateListRoles({ client: iam }, { PathPrefix: IAM_PATH }),
      ({ Roles }) => Roles,
    );
    return tagged(
      roles,
      ({ RoleName }) => RoleName,
      async ({ RoleName }) => (await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags,
    );
  },
  async secret({ secrets }) {
    const Filters = [{ Key: 'name' as const, Values: [NAME_PREFIX] }];
    const list = await all(
      paginateListSecrets({ client: secrets }, { Filters }),
      ({ SecretList }) => SecretList,
    );
    return tagged(
      list,
      ({ Name }) => Name,
      ({ Tags }) => Promise.resolve(Tags),
    );
  },
  async function({ lambda }) {
    const functions = await all(paginateListFunctions({ client: lambda }, {}), ({ Functions }) => Functions);
    return tagged(
      functions,
      ({ FunctionName }) => FunctionName,
      async ({ FunctionArn }) => {
        const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: FunctionArn }));
        return Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }));
      },
    );
  },
  async rule({ events }) {
    const rules: Rule[] = [];
    for (let NextToken: string | undefined, first = true; first || NextToken !== undefined; first = false) {
      const page = await events.send(new ListRulesCommand({ NamePrefix: NAME_PREFIX, NextToken }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    }
    return tagged(
      rules,
      ({ Name }) => Name,
      async ({ Arn }) => (await events.send(new ListTagsForResourceCommand({ ResourceARN: Arn }))).Tags,
    );
  },
  async 'log group'({ logs }) {
    const groups = await all(
      paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: LOG_GROUP_PREFIX }),
      ({ logGroups }) => logGroups,
    );
    return groups.flatMap(({ logGroupName }) => logGroupName ?? []);
  },
};

const REMOVERS: Readonly<Record<Kind, (clients: Clients, name: string) => Promise<void>>> = {
  async user({ iam }, UserName) {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    for (const { AccessKeyId } of AccessKeyMetadata) {
      // A key that was just deleted may still be listed.
      await unlessGone(iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
    }
    await iam.send(new DeleteUserCommand({ UserName }));
  },
  async role({ iam }, RoleName) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await unlessGone(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  },
  async secret({ secrets }, SecretId) {
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  },
  async function({ lambda }, FunctionName) {
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  },
  async rule({ events }, Rule) {
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    const Ids = Targets.flatMap(({ Id }) => Id ?? []);
    if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ Rule, Ids }));
    await events.send(new DeleteRuleCommand({ Name: Rule }));
  },
  async 'log group'({ logs }, logGroupName) {
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  },
};
