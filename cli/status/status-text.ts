import { SECOND } from '../../contract/instant';
import { timesInWords } from '../../handlers/core/key-moves/deliveries';
import { fromNow, inUtc, shortLength } from '../ages';
import type { Colour, Line, Span } from '../print';
import { table } from '../table';
import type { FindingStatus, KeyStatus, StatusDocument, TargetStatus, UserStatus } from './status-document';

const COLOURS: Readonly<Record<UserStatus['attention'], Colour | undefined>> = {
  critical: 'red',
  warning: 'yellow',
  none: undefined,
};

const NOTHING = '-';

/** All users in a table, and below it what needs attention. */
export function statusLines(document: StatusDocument): readonly Line[] {
  const { users, at, stack, region, source } = document;
  if (users.length === 0) return [`Stack ${stack} in ${region} has no users.`];
  const rows = users.map((user) => {
    const current = user.keys.find(({ role }) => role === 'current');
    return [
      { text: user.user, colour: COLOURS[user.attention] },
      current === undefined ? NOTHING : lastFour(current.id),
      ageOf(current, user),
      current?.lastUsed === undefined ? NOTHING : fromNow(current.lastUsed.at, at),
      nextRotation(user, at),
      otherKeys(user, at),
      user.owner ?? NOTHING,
    ];
  });
  const needy = users.filter(({ attention }) => attention !== 'none');
  return [
    ...table(['USER', 'KEY', 'AGE', 'LAST USE', 'NEXT ROTATION', 'OTHER KEYS', 'OWNER'], rows),
    '',
    ...(source === 'table' ? [QUICK, ''] : []),
    ...needy.flatMap((user) => user.findings.map((finding) => attentionLine(user.user, finding))),
    ...(needy.length > 0 ? [''] : []),
    countLine(document),
  ];
}

const QUICK =
  'This is what the table holds since the last run of the retirement function; without --quick, AWS is asked.';

/** Only who has looked may say that all is well. */
const nothingOpen = (source: StatusDocument['source']): readonly (string | Span)[] =>
  source === 'table'
    ? ['The last run of the retirement function, whenever that was, left nothing open.']
    : [{ text: 'Nothing needs attention.', colour: 'green' }];

function countLine({ users, source }: StatusDocument): Line {
  const count = (attention: UserStatus['attention']): number =>
    users.filter((user) => user.attention === attention).length;
  const all = users.length === 1 ? '1 user' : `${users.length} users`;
  const needy = (['critical', 'warning'] as const)
    .filter((attention) => count(attention) > 0)
    .flatMap((attention): (string | Span)[] => [
      ', ',
      { text: `${count(attention)} ${attention}`, colour: COLOURS[attention] },
    ]);
  if (needy.length === 0) return [`${all}. `, ...nothingOpen(source)];
  return [all, ...needy, '. One of them: npx iam-key-rotation status <user>'];
}

const attentionLine = (user: string, { severity, title, what }: FindingStatus): Line => [
  { text: severity.padEnd(8), colour: COLOURS[severity] },
  ` ${user}: ${title}. ${what}`,
];

function nextRotation({ rotation, exemption }: UserStatus, at: string): string {
  if (exemption !== undefined) return `exempted until ${exemption.until.slice(0, 10)}`;
  if (rotation.underWaySince !== undefined) return `under way since ${fromNow(rotation.underWaySince, at)}`;
  if (rotation.nextAt !== undefined) {
    const next = fromNow(rotation.nextAt, at);
    return rotation.nextAt < at ? `was due ${next}` : next;
  }
  return rotation.dueBy === undefined ? NOTHING : `by ${rotation.dueBy.slice(0, 10)}`;
}

const otherKeys = (user: UserStatus, at: string): string =>
  user.keys
    .filter(({ role }) => role !== 'current')
    .map((key) => `${lastFour(key.id)} ${stateOf(key, at)}`)
    .join('; ') || NOTHING;

function stateOf({ role, status, phase, hold, nextStep }: KeyStatus, at: string): string {
  if (role === 'attempt') return 'is being made';
  if (role !== 'previous') {
    const taken = nextStep === undefined ? '' : ', is taken over';
    return `${role}, ${status ?? ''}${taken}`;
  }
  const state = phase === 'overlap' ? 'in overlap' : (phase ?? '');
  if (hold !== undefined) return `${state}, held`;
  if (nextStep === undefined) return state;
  const once = nextStep.waitsFor === undefined ? '' : ' once acknowledged';
  return `${state}, ${STEPS[nextStep.what]} ${whenOf(nextStep.at, at)}${once}`;
}

const STEPS = { deactivate: 'deactivate', delete: 'delete', takeOver: 'take over' } as const;

/** What was due already is done by the next run. */
const whenOf = (moment: string, at: string): string =>
  moment <= at ? 'with the next hourly run' : fromNow(moment, at);

function ageOf(key: KeyStatus | undefined, { maximumKeyAgeSeconds }: UserStatus): string | Span {
  if (key?.ageSeconds === undefined) return NOTHING;
  const text = shortLength(key.ageSeconds * SECOND);
  if (maximumKeyAgeSeconds === undefined) return text;
  const colour = key.ageSeconds > maximumKeyAgeSeconds ? 'red' : undefined;
  return { text: `${text} of ${shortLength(maximumKeyAgeSeconds * SECOND)}`, colour };
}

/** An id of a key is no secret; four characters are enough to tell the keys of a user apart. */
const lastFour = (id: string): string => `…${id.slice(-4)}`;

/** Everything about one user, in one screen. */
export function userLines(
  user: UserStatus,
  { at, source }: Pick<StatusDocument, 'at' | 'source'>,
): readonly Line[] {
  const { rotation, exemption } = user;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['IAM user', user.userName],
    ['owner', user.owner],
    ['secret', user.secretArn],
    ['last rotation', rotation.lastAt && moment(rotation.lastAt, at)],
    ['next rotation', rotation.nextAt && moment(rotation.nextAt, at)],
    ['due by', rotation.dueBy && moment(rotation.dueBy, at)],
    ['under way', rotation.underWaySince && `since ${moment(rotation.underWaySince, at)}`],
    ['waiting', rotation.wantedSince && `since ${moment(rotation.wantedSince, at)}`],
    ['exempted', exemption && `until ${moment(exemption.until, at)}: ${exemption.reason}`],
  ];
  return [
    [{ text: user.user, colour: 'bold' }],
    ...facts.filter(([, text]) => text !== undefined).map(([name, text]) => `  ${name.padEnd(14)} ${text}`),
    '',
    ...table(
      ['KEY', 'ROLE', 'STATUS', 'AGE', 'LAST USE', 'WHAT COMES NEXT'],
      user.keys.map((key) => keyRow(key, user, at)),
    ),
    '',
    ...targetLines(user, at),
    ...user.findings.flatMap(({ what, severity, title, firstStep, since }): Line[] => [
      [
        { text: severity, colour: COLOURS[severity] },
        ` ${title}${since === undefined ? '' : ` (since ${inUtc(since)})`}`,
      ],
      `  ${what}`,
      `  What to do first: ${firstStep}`,
    ]),
    ...(user.findings.length === 0 ? [nothingOpen(source)] : []),
    ...(source === 'table' ? [QUICK] : []),
    '',
    'What the journal tells:',
    ...user.history.map((event) => `  ${inUtc(event.at)}  ${event.what}`),
    ...(user.history.length === 0 ? ['  nothing yet'] : []),
  ];
}

function targetLines({ targets = [] }: UserStatus, at: string): readonly Line[] {
  if (targets.length === 0) return [];
  const rows = targets.map((target) => [
    target.target,
    target.delivered === undefined ? NOTHING : lastFour(target.delivered.keyId),
    target.delivered === undefined ? NOTHING : fromNow(target.delivered.at, at),
    stateOfTarget(target, at),
  ]);
  return [...table(['TARGET', 'KEY', 'SINCE', 'STATE'], rows), ''];
}

function stateOfTarget({ isCurrent, restartingSince, failing }: TargetStatus, at: string): string | Span {
  if (isCurrent) return 'has the current key';
  if (restartingSince !== undefined) return `restarting since ${fromNow(restartingSince, at)}`;
  if (failing === undefined) return 'gets the current key within the hour';
  const text = `failed ${timesInWords(failing.attempts)} since ${fromNow(failing.since, at)}: ${failing.error}`;
  return { text, colour: 'red' };
}

const keyRow = (key: KeyStatus, user: UserStatus, at: string): readonly (string | Span)[] => [
  key.id,
  `${key.role}${key.leaked === true ? ', leaked' : ''}`,
  key.status ?? NOTHING,
  ageOf(key, user),
  key.lastUsed === undefined
    ? NOTHING
    : `${fromNow(key.lastUsed.at, at)}, ${key.lastUsed.service} in ${key.lastUsed.region}`,
  key.hold === undefined ? whatComesNext(key, at) : `held: ${key.hold.why}`,
];

function whatComesNext({ role, phase, nextStep }: KeyStatus, at: string): string {
  if (nextStep !== undefined) {
    const when = nextStep.at <= at ? whenOf(nextStep.at, at) : `from ${moment(nextStep.at, at)}`;
    const once = nextStep.waitsFor === undefined ? '' : ', once the current key is acknowledged';
    return `${STEPS[nextStep.what]} ${when}${once}`;
  }
  switch (role) {
    case 'current':
      return 'stays until the next rotation';
    case 'attempt':
      return 'becomes current when it is proved';
    case 'unclear':
      return 'a rotation may have made it a moment ago: look again';
    case 'unmanaged':
      return 'nothing: this product did not make it';
    case 'previous':
      return `${phase ?? ''}, nothing follows by itself`;
  }
}

const moment = (text: string, at: string): string => `${inUtc(text)} (${fromNow(text, at)})`;
