import { FAULTS } from '../../../../contract/faults';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import type { ReadCount } from '../../../../cli/report/count-reads';
import type { Rotation } from '../../../../cli/report/pair-rotations';
import type { KeyAct, ReportFacts } from '../../../../cli/report/report';
import { ALWAYS_UNSEEN } from '../../../../cli/report/unseen';
import type { StatusDocument, UserStatus } from '../../../../cli/status/status-document';

export const NOW = Date.parse('2026-11-28T09:30:00.000Z');

const iso = (at: number): string => new Date(at).toISOString();

const TEAMS = ['platform@corp.example', 'payments@corp.example', 'data@corp.example', 'mail@corp.example'];
const NAMES = ['ci-deployer', 'invoice-export', 'legacy-mailer', 'backup', 'partner-upload', 'metrics-push'];
const LIMIT = (45 * DAY) / SECOND;

const keyId = (user: number, key: number): string => `AKIA${String(user).padStart(8, '0')}${key}EXAMPLE`;
const nameOf = (index: number): string =>
  `${NAMES[index % NAMES.length]!}${index < NAMES.length ? '' : `-${Math.floor(index / NAMES.length)}`}`;

/** The same number for the same index: a picture of it stays the same. */
const spread = (index: number, most: number): number => ((index * 2_654_435_761) % 4_294_967_296) % most;

function aUserStatus(index: number): UserStatus {
  const user = nameOf(index);
  const isOld = index % 40 === 2;
  const age = isOld ? 52 + (index % 9) : spread(index, 31);
  const isHeld = index % 60 === 2;
  const isExempted = index % 75 === 1;
  const since = NOW - age * DAY - 3 * HOUR;
  const overlap = age < 2 || isHeld;
  return {
    user,
    userName: `svc-${user}`,
    owner: TEAMS[index % TEAMS.length]!,
    secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/${user}-AbCdEf`,
    attention: isOld ? 'critical' : 'none',
    maximumKeyAgeSeconds: LIMIT,
    asked: { keys: true, secret: true },
    rotation: { lastAt: iso(since), nextAt: iso(since + 30 * DAY) },
    ...(isExempted
      ? {
          exemption: {
            reason: 'The partner changes its firewall in December.',
            until: '2026-12-20T00:00:00.000Z',
          },
        }
      : {}),
    keys: [
      {
        ...{ id: keyId(index, 1), role: 'current', status: 'Active', createdAt: iso(since) },
        ageSeconds: (NOW - since) / SECOND,
        lastUsed: { at: iso(NOW - spread(index, 72) * HOUR), service: 's3', region: 'eu-west-1' },
      },
      ...(overlap
        ? [
            {
              ...{ id: keyId(index, 0), role: 'previous' as const, status: 'Active' as const },
              ...{ createdAt: iso(since - 30 * DAY), ageSeconds: (NOW - since + 30 * DAY) / SECOND },
              ...{ phase: 'overlap' as const, replacedAt: iso(since) },
              ...(isHeld
                ? {
                    hold: {
                      ...{ cause: 'stillInUse' as const, since: iso(since + DAY) },
                      why: 'It was used 2 hours ago, for s3 in eu-west-1.',
                    },
                  }
                : {}),
            },
          ]
        : age < 9
          ? [
              {
                ...{ id: keyId(index, 0), role: 'previous' as const, status: 'Inactive' as const },
                ...{ createdAt: iso(since - 30 * DAY), ageSeconds: (NOW - since + 30 * DAY) / SECOND },
                ...{ phase: 'deactivated' as const, replacedAt: iso(since), deactivatedAt: iso(since + DAY) },
              },
            ]
          : []),
    ],
    findings: isOld
      ? [
          {
            ...{ kind: 'keyPastMaximumAge', severity: FAULTS.keyPastMaximumAge.severity },
            title: FAULTS.keyPastMaximumAge.title,
            what: `Key …${keyId(index, 1).slice(8, 12)} is ${age} days old, and 45 are allowed.`,
            ...{ keyId: keyId(index, 1), since: iso(since + 45 * DAY), firstStep: 'Look at the log.' },
          },
        ]
      : [],
    history: [{ at: iso(since), what: `key …${keyId(index, 1).slice(8, 12)} became current` }],
  };
}

const ROTATE = 'arn:aws:iam::111122223333:role/iam-key-rotation-rotate';
const RETIRE = 'arn:aws:iam::111122223333:role/iam-key-rotation-retire';

function rotationsOf(index: number): readonly Rotation[] {
  const { user, rotation } = aUserStatus(index);
  const last = Date.parse(rotation.lastAt!);
  const failed = index % 40 === 2;
  return [
    { user, startedAt: last - 9 * SECOND, endedAt: last, result: 'succeeded', failures: 0, why: undefined },
    ...(failed
      ? [
          {
            ...{ user, startedAt: last + 30 * DAY, endedAt: last + 30 * DAY + 2 * MINUTE },
            ...{ result: 'failed' as const, failures: 3 },
            why: 'Both slots of the user are taken, by keys that this product did not make.',
          },
        ]
      : []),
  ];
}

function actsOf(index: number): readonly KeyAct[] {
  const { user, rotation, keys } = aUserStatus(index);
  const last = Date.parse(rotation.lastAt!);
  const isPutOff = keys.some(({ role, status }) => role === 'previous' && status === 'Inactive');
  return [
    { user, at: last - 8 * SECOND, act: 'created', keyId: keyId(index, 1), by: ROTATE, refused: undefined },
    ...(isPutOff
      ? [
          {
            user,
            at: last + DAY,
            act: 'deactivated' as const,
            keyId: keyId(index, 0),
            by: RETIRE,
            refused: undefined,
          },
        ]
      : []),
    ...(index % 90 === 3
      ? [
          {
            ...{ user, at: last + 2 * DAY, act: 'deleted' as const, keyId: keyId(index, 0) },
            ...{ by: 'arn:aws:iam::111122223333:user/jdoe', refused: 'AccessDenied' },
          },
        ]
      : []),
  ];
}

const readsOf = (index: number): readonly ReadCount[] => [
  {
    ...{ user: nameOf(index), principal: `arn:aws:iam::111122223333:role/${nameOf(index)}-reader` },
    ...{ reads: 20 + spread(index, 900), refused: 0, firstAt: NOW - 88 * DAY, lastAt: NOW - HOUR },
    ...{ addresses: ['10.20.4.17', '10.20.4.31'], userAgents: ['aws-sdk-js/3.1164.0 md/nodejs#22.20.0'] },
  },
  ...(index % 50 === 1
    ? [
        {
          ...{ user: nameOf(index), principal: 'arn:aws:iam::111122223333:user/jdoe', reads: 1, refused: 4 },
          ...{ firstAt: NOW - 12 * DAY, lastAt: NOW - 11 * DAY },
          ...{ addresses: ['203.0.113.9'], userAgents: ['aws-cli/2.31.0 Python/3.13.7 Linux/6.8'] },
        },
      ]
    : []),
];

/** What the account of a company with so many users could say. The first three have a bit of everything. */
export function someFacts(users: number): ReportFacts {
  const indices = Array.from({ length: users }, (_, index) => index);
  const status: StatusDocument = {
    ...{ version: 1, stack: 'iam-key-rotation', region: 'eu-west-1', at: iso(NOW), source: 'aws' },
    users: indices.map(aUserStatus),
  };
  return {
    status,
    accountId: '111122223333',
    madeBy: 'arn:aws:sts::111122223333:assumed-role/Auditor/jane.doe',
    product: 'iam-key-rotation 0.1.0',
    period: { from: NOW - 90 * DAY, until: NOW },
    rotations: indices.flatMap(rotationsOf),
    keyActs: indices.flatMap(actsOf),
    reads: indices.flatMap(readsOf),
    endedFaults: [
      {
        ...{ user: 'ci-deployer', kind: 'rotationOverdue', keyId: undefined },
        what: 'The rotation that was due on 2026-11-20 has not begun.',
        ...{ since: NOW - 8 * DAY, endedAt: NOW - 7 * DAY },
      },
    ],
    unseen: [
      {
        what: 'Events GetSecretValue in eu-west-1 before 2026-09-14T07:12:00.000Z.',
        why: 'There are more than 20000. Give --most-events a larger number, or ask the trail.',
        when: 'thisTime',
      },
      ...ALWAYS_UNSEEN,
    ],
  };
}
