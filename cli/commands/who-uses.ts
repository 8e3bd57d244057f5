import { Command, InvalidArgumentError } from 'commander';

import { DAY, type Instant } from '../../contract/instant';
import { REGION } from '../../modules/aws/aws-values';
import { keyUseOf } from '../../handlers/aws/cloudtrail-usage-trail';
import { overviewOf, type KeyRole } from '../../handlers/core/operator/overview';
import { fromNow } from '../ages';
import { describeCommand } from '../help';
import { type JsonOption, type StackOptions, withJson, withStackOptions } from '../aws-options';
import { EVENT_HISTORY_DAYS, lookUpEvents } from '../event-history';
import { LOOK_AT_USERS, READ_EVENT_HISTORY } from '../policy/permission';
import { present } from '../present';
import { type Line, print, printJson } from '../print';
import { withProgress } from '../progress';
import { openStack, requireUser, usersOf, type Stack } from '../stack';
import { table } from '../table';
import { UseGroups } from '../who-uses/group-uses';
import { usesDocument, type KeyUses, type UsesDocument } from '../who-uses/uses-document';
import { isAccessKeyId } from './user-options';

interface Options extends StackOptions, JsonOption {
  readonly days: number;
  readonly regions?: readonly string[];
}

const DEFAULT_DAYS = 7;

const NOT_SEEN = [
  'Data events, such as reading an object of S3 or an item of DynamoDB, are not in the event history. IAM’s last use counts them.',
  'Regions that are not listed: name them with --regions. Calls of global services such as IAM are in us-east-1.',
  'Calls of the last minutes: CloudTrail shows them after about 5 minutes, IAM its last use after some hours.',
  'What a role session does that was begun with the key: it has keys of its own.',
];

/** `who-uses`: which application uses a key, from where. */
export function newCommand(): Command {
  return describeCommand(withJson(withStackOptions(new Command('who-uses'))), {
    summary: 'show who used a key, from where, for what',
    description:
      'Show who used the keys of a user, or one key, by principal, address, program and service: IAM’s last use, and the event ' +
      'history of CloudTrail, which AWS keeps for 90 days in every account. CloudTrail answers twice a second with 50 events.',
    examples: [
      {
        title: 'See who used the keys of a user in the last 30 days, in two regions',
        text: 'iam-key-rotation who-uses ci-deployer --days 30 --regions eu-west-1,us-east-1',
      },
      { title: 'See who used one key', text: 'iam-key-rotation who-uses AKIAIOSFODNN7EXAMPLE' },
    ],
    document: usesDocument,
    permissions: [...LOOK_AT_USERS, READ_EVENT_HISTORY],
  })
    .argument(
      '<user or key id>',
      'the name of a user in rotation.yaml, or the id of any access key of the account',
    )
    .option('--days <number>', `how far back to look, at most ${EVENT_HISTORY_DAYS}`, toDays, DEFAULT_DAYS)
    .option(
      '--regions <regions>',
      'where to look, such as eu-west-1,us-east-1; without it in the region of the stack',
      toRegions,
    )
    .action(async (subject: string, options: Options) => {
      const stack = await openStack(options);
      const until = stack.clock.now();
      const since = until - options.days * DAY;
      const regions = options.regions ?? [stack.region];
      const keys: KeyUses[] = [];
      for (const { id, role } of await keysFor(stack, subject)) {
        keys.push(await usesOf(stack, { id, role }, { since, until, regions }));
      }
      const document: UsesDocument = {
        version: 1,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        regions: [...regions],
        keys,
        notSeen: NOT_SEEN,
      };
      if (options.json === true) printJson(document, 2);
      else for (const line of linesOf(document)) print(line);
    });
}

interface NamedKey {
  readonly id: string;
  readonly role: KeyRole | undefined;
}

/** The keys of a user of the stack; or the one key that is named, which may be of anybody. */
async function keysFor(stack: Stack, subject: string): Promise<readonly NamedKey[]> {
  if (isAccessKeyId(subject)) return [{ id: subject, role: undefined }];
  const entry = requireUser(await usersOf(stack), subject, stack);
  const { keys, keysListed, findings } = await overviewOf(stack.ports, entry, {
    stack: stack.prefix,
    askAws: true,
  });
  if (keysListed) return keys;
  throw new Error(
    findings.find(({ kind }) => kind === 'visitFailed')?.what ??
      `The keys of ${subject} could not be listed.`,
  );
}

async function usesOf(
  { ports, connection }: Stack,
  { id, role }: NamedKey,
  {
    since,
    until,
    regions,
  }: { readonly since: Instant; readonly until: Instant; readonly regions: readonly string[] },
): Promise<KeyUses> {
  const lastUse = await ports.keys.lastUsed(id);
  const groups = new UseGroups();
  await withProgress(`Events of ${id}`, async (progress) => {
    let seen = 0;
    for (const region of regions) {
      const attribute = { AttributeKey: 'AccessKeyId', AttributeValue: id } as const;
      for await (const event of lookUpEvents({ ...connection, region }, { attribute, since, until })) {
        groups.add(keyUseOf(event));
        progress.at((seen += 1));
      }
    }
  });
  return present<KeyUses>({
    id,
    role,
    lastUsed: lastUse && { ...lastUse, at: new Date(lastUse.at).toISOString() },
    uses: groups.all(),
  });
}

function linesOf({ keys, since, until, regions, notSeen }: UsesDocument): readonly Line[] {
  return [
    ...(keys.length === 0 ? ['The user has no access key.', ''] : []),
    ...keys.flatMap(({ id, role, lastUsed, uses }): Line[] => [
      [{ text: id, colour: 'bold' }, role === undefined ? '' : ` (${role})`],
      lastUsed === undefined
        ? '  IAM knows of no use.'
        : `  IAM’s last use: ${fromNow(lastUsed.at, until)}, ${lastUsed.service} in ${lastUsed.region}`,
      ...(uses.length === 0
        ? [`  No event since ${since.slice(0, 10)} in ${regions.join(', ')}.`]
        : table(
            ['  SERVICE', 'CALLS', 'LAST', 'ADDRESS', 'PROGRAM', 'PRINCIPAL', 'ACTIONS'],
            uses.map((use) => [
              `  ${use.service.replace(/\.amazonaws\.com$/, '')}`,
              use.failed === 0 ? String(use.calls) : `${use.calls} (${use.failed} failed)`,
              fromNow(use.last, until),
              use.sourceAddress,
              shortened(use.userAgent, 40),
              use.principal,
              shortened(use.actions.join(' '), 60),
            ]),
          )),
      '',
    ]),
    'What this cannot show:',
    ...notSeen.map((sentence) => `  ${sentence}`),
  ];
}

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

function toRegions(text: string): readonly string[] {
  const regions = text.split(',').map((name) => name.trim());
  if (regions.every((name) => REGION.test(name))) return regions;
  throw new InvalidArgumentError(
    'They are names of regions with commas between them, such as eu-west-1,us-east-1.',
  );
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= EVENT_HISTORY_DAYS) return days;
  throw new InvalidArgumentError(`It is a whole number of days from 1 to ${EVENT_HISTORY_DAYS}.`);
}
