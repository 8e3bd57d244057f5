import { Document, isAlias, isMap, isNode, isScalar, parseDocument, Scalar, YAMLMap } from 'yaml';

import { longestStableKey } from '../../contract/names';
import { stableKeyFor } from '../../contract/stable-key';
import { visible } from '../../contract/visible';
import { ACCESS_KEYS_PER_USER } from '../../handlers/core/model/access-key';
import { sortTags } from '../../modules/config/rules/tags';
import type { UserAccess } from './account';
import type { UserFacts } from './facts';
import type { Finding } from './survey';

/** A user that is to be rotated, with all its keys. */
export interface ChosenUser {
  readonly stableKey: string;
  readonly user: UserFacts;
  readonly findings: readonly Finding[];
}

/**
 * @param chosen the findings whose users are to be rotated.
 * @param all all findings: a user has all its keys, also those that were not chosen.
 * @param taken stable keys that the stack has already.
 */
export function chooseUsers(
  chosen: readonly Finding[],
  all: readonly Finding[],
  { prefix, taken }: { readonly prefix: string; readonly taken: readonly string[] },
): readonly ChosenUser[] {
  const names = [...new Set(chosen.map(({ user }) => user.userName))].sort();
  const used = new Set(taken.map((key) => key.toLowerCase()));
  const longest = longestStableKey(prefix);
  return names.flatMap((userName): readonly ChosenUser[] => {
    const findings = all.filter(({ user }) => user.userName === userName);
    const [first] = findings;
    if (first === undefined) return [];
    const stableKey = stableKeyFor(userName, { isTaken: (key) => used.has(key.toLowerCase()), longest });
    used.add(stableKey.toLowerCase());
    return [{ stableKey, user: first.user, findings }];
  });
}

/** Tags in which people write who answers for something. */
const OWNER_TAGS = ['owner', 'team', 'contact'];

const ownerOf = (tags: Readonly<Record<string, string>>): string | undefined =>
  OWNER_TAGS.map(
    (wanted) =>
      Object.entries(tags).find(([key, value]) => key.toLowerCase() === wanted && value !== '')?.[1],
  ).find((value) => value !== undefined);

export interface EntryOptions {
  /** How the file is called; it stands in the text. */
  readonly file: string;
  /** What each user may do, by name; undefined: the users stay with their owner. */
  readonly access?: ReadonlyMap<string, UserAccess> | undefined;
}

/** The text of a file that a stack of `rotation.yaml` includes. */
export function usersFile(chosen: readonly ChosenUser[], { file, access }: EntryOptions): string {
  const users = new YAMLMap<Scalar<string>>();
  const document = new Document({});
  document.commentBefore = HEADER.map((line) => ` ${line.replace('FILE', visible(file))}`).join('\n');
  chosen.forEach(({ stableKey, user, findings }, at) => {
    const key = new Scalar(stableKey);
    key.spaceBefore = at > 0;
    key.commentBefore = commentsOn(user, findings, access?.get(user.userName))
      .map((line) => ` ${visible(line)}`)
      .join('\n');
    users.add({ key, value: document.createNode(entryOf(stableKey, user, access?.get(user.userName))) });
  });
  document.set('users', users);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const HEADER = [
  'Written by: npx iam-key-rotation adopt --write FILE',
  'A stack of rotation.yaml names it in its list `include`.',
  'No key that is there today is changed by this. To retire the old keys, once nothing uses them any more:',
  'npx iam-key-rotation adopt --take-over FILE',
];

function entryOf(
  stableKey: string,
  { userName, path, tags = {} }: UserFacts,
  access: UserAccess | undefined,
): Readonly<Record<string, unknown>> {
  const owner = ownerOf(access?.tags ?? tags);
  const common = {
    ...(stableKey === userName ? {} : { userName }),
    ...(owner === undefined ? {} : { owner }),
  };
  if (access === undefined) return { ...common, existing: true };
  const { permissionsBoundaryArn, policyArns, groups } = access;
  const { taken } = sortTags(access.tags);
  return {
    ...common,
    ...{ import: true, path },
    ...(policyArns.length === 0 ? {} : { policyArns }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }),
    ...(Object.keys(taken).length === 0 ? {} : { tags: taken }),
  };
}

function commentsOn(
  { userName, path }: UserFacts,
  findings: readonly Finding[],
  access: UserAccess | undefined,
): readonly string[] {
  return [
    ...(access === undefined ? [`${userName}, path ${path}: both stay as they are.`] : []),
    ...(access === undefined || access.inlinePolicies.length === 0
      ? []
      : [`Its inline policies ${access.inlinePolicies.join(', ')} stay, outside of this file.`]),
    ...(access === undefined ? [] : sortTags(access.tags).refused).map(
      ({ key, value, why }) => `Not in tags: ${key}=${value}, because ${why}.`,
    ),
    ...findings.map(
      ({ key, verdict, certainty, evidence: [why = ''] }) =>
        `${key.id}: ${verdict}${certainty === 'guess' ? ' (a guess)' : ''}. ${why}`,
    ),
    ...(needsSlot(findings)
      ? ['Both slots are taken: delete one of the two keys before the first apply, which needs one.']
      : []),
  ];
}

/** The first key that a stack makes needs a slot, and an Inactive key takes one, too. */
export const needsSlot = (findings: readonly Finding[]): boolean => findings.length >= ACCESS_KEYS_PER_USER;

/** The keys to take over, by the name of the user. */
export type KeysToTakeOver = ReadonlyMap<string, readonly string[]>;

/** Which users a file of entries is about: stable key and IAM user's name. @throws Error unless it is such a file */
export function usersIn(document: Document.Parsed, file: string): ReadonlyMap<string, string> {
  const users: unknown = document.errors.length === 0 ? document.get('users') : undefined;
  if (!isMap(users)) {
    throw new Error(
      `${file} is no file of users: it is YAML with the key users, as adopt --write makes it. To take over the keys of other entries, write takeOver there by hand: docs/existing-users.md.`,
    );
  }
  return new Map(
    Object.entries(
      users.toJS(document) as Readonly<Record<string, { readonly userName?: unknown } | null>>,
    ).map(([stableKey, entry]) => [
      stableKey,
      typeof entry?.userName === 'string' ? entry.userName : stableKey,
    ]),
  );
}

/** Read as the product reads its configuration; what is wrong is in `errors`. */
export const parseUsersFile = (text: string): Document.Parsed => parseDocument(text, { merge: true });

/**
 * Names the keys in `takeOver`, beside those that it names already. All else of the file stays as it is, but for spaces that
 * mean nothing; where there is nothing to add, the text is the same.
 *
 * @throws Error where another entry shares what would be changed
 */
export function addTakeOver(
  { file, text }: { readonly file: string; readonly text: string },
  users: ReadonlyMap<string, string>,
  keys: KeysToTakeOver,
): string {
  const document = parseUsersFile(text);
  const content: unknown = document.toJS();
  let isChanged = false;
  for (const [stableKey, userName] of users) {
    const before = takenOverIn(content, stableKey);
    if (before === 'all') continue;
    const add = (keys.get(userName) ?? []).filter((id) => !before.includes(id));
    if (add.length === 0) continue;
    const entry: unknown = document.getIn(['users', stableKey], true);
    if (isShared(entry)) throw sharedEntry(file, stableKey, add);
    isChanged = true;
    const list = [...new Set([...before, ...add])];
    const node = document.createNode(list, { flow: true });
    if (isMap(entry)) document.setIn(['users', stableKey, 'takeOver'], node);
    else document.setIn(['users', stableKey], document.createNode({ takeOver: list }));
  }
  return isChanged ? writtenLike(text, document) : text;
}

/** A part of it stands elsewhere, too, or comes from there: a change there would change others, or hide what is inherited. */
function isShared(entry: unknown): boolean {
  if (!isMap(entry)) return isAlias(entry) || (isNode(entry) && hasAnchor(entry));
  const takeOver = entry.get('takeOver', true) as unknown;
  return (
    hasAnchor(entry) ||
    entry.items.some(({ key }) => isScalar(key) && key.source === '<<') ||
    isAlias(takeOver) ||
    (isNode(takeOver) && hasAnchor(takeOver))
  );
}

const hasAnchor = ({ anchor }: { anchor?: string }): boolean => anchor !== undefined;

const sharedEntry = (file: string, stableKey: string, ids: readonly string[]): Error =>
  new Error(
    `In ${file} the entry ${stableKey} has a YAML anchor, an alias or a merge key, so that a change would change another entry, too, or hide what it inherits. Nothing was written. Write the keys there by hand, beside those that it takes over already: takeOver: [${ids.join(', ')}].`,
  );

/** With the line ends and the indentation of the text that the document was read from. */
function writtenLike(text: string, document: Document.Parsed): string {
  const lines = text.replaceAll('\r\n', '\n');
  const written = document.toString({
    lineWidth: 0,
    flowCollectionPadding: /\{ +[^\s}]/.test(lines),
    indent: /^( +)[^\s#]/m.exec(lines)?.[1]?.length ?? 2,
    // Whether the items of a list stand further in than its key.
    indentSeq: !hasListUnderItsKey(lines.split('\n')),
  });
  const mark =
    text.startsWith(BYTE_ORDER_MARK) && !written.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return `${mark}${/^[^\n]*\r\n/.test(text) ? written.replaceAll(/\r?\n/g, '\r\n') : written}`;
}

const hasListUnderItsKey = (lines: readonly string[]): boolean =>
  lines.some((line, index) => {
    const indent = /^( *)[^\s#-]/.exec(line)?.[1];
    return (
      indent !== undefined && line.trimEnd().endsWith(':') && lines[index + 1]?.startsWith(`${indent}- `)
    );
  });

const BYTE_ORDER_MARK = '\uFEFF';

function takenOverIn(file: unknown, stableKey: string): 'all' | readonly string[] {
  const { users = {} } = file as {
    users?: Readonly<Record<string, { readonly takeOver?: unknown } | null>>;
  };
  const takeOver = users[stableKey]?.takeOver;
  if (takeOver === 'all') return 'all';
  return Array.isArray(takeOver) ? takeOver.map(String) : [];
}
