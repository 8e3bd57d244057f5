import type { SandboxClock } from '../clock';
import { queryAnswer, xmlText } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { AccessKey, AccessKeys } from './access-keys';

/** A report is made at most once in so long. */
const KEPT_MS = 4 * 60 * 60_000;

/** How long IAM takes to make one. AWS gives no time; seconds in a small account. */
const TAKES_MS = 1_000;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
const COLUMNS = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active', ...keyColumns(1), ...keyColumns(2)],
  ...[
    'cert_1_active',
    'cert_1_last_rotated',
    'cert_2_active',
    'cert_2_last_rotated',
    'additional_credentials_info',
  ],
];

function keyColumns(slot: number): readonly string[] {
  const begin = `access_key_${slot}`;
  return ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
    (name) => `${begin}_${name}`,
  );
}

const VERSION = { Version: '2010-05-08' };

/**
 * The credential report. moto makes one, of its own keys, which are not the sandbox's, and as often as it is asked; what
 * moto knows of users and passwords is taken from it.
 *
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
 */
export function credentialReportOperations(
  accountId: string,
  moto: Moto,
  keys: AccessKeys,
  clock: SandboxClock,
): OperationTable {
  let report: { readonly text: string; readonly startedAt: number } | undefined;
  const ageOf = ({ startedAt }: { readonly startedAt: number }): number => clock.now().getTime() - startedAt;

  return {
    'iam:GenerateCredentialReport': async (call) => {
      if (report !== undefined && ageOf(report) < TAKES_MS)
        return queryAnswer(call, [['State', 'INPROGRESS']]);
      if (report !== undefined && ageOf(report) < KEPT_MS) return queryAnswer(call, [['State', 'COMPLETE']]);
      report = { text: await makeReport(accountId, moto, keys), startedAt: clock.now().getTime() };
      return queryAnswer(call, [
        ['State', 'STARTED'],
        ['Description', 'No report exists. Starting a new report generation task'],
      ]);
    },
    'iam:GetCredentialReport': (call) => {
      if (report === undefined) throw new ApiError('ReportNotPresent', 'No report is present.', 410);
      if (ageOf(report) < TAKES_MS)
        throw new ApiError('ReportInProgress', 'The report is being generated.', 404);
      if (ageOf(report) >= KEPT_MS) throw new ApiError('ReportExpired', 'The report has expired.', 410);
      return Promise.resolve(
        queryAnswer(call, [
          ['Content', Buffer.from(report.text).toString('base64')],
          ['ReportFormat', 'text/csv'],
          ['GeneratedTime', seconds(new Date(report.startedAt))],
        ]),
      );
    },
  };
}

async function makeReport(accountId: string, moto: Moto, keys: AccessKeys): Promise<string> {
  const users = await usersOfMoto(moto);
  const rows = [
    {
      ...{ user: '<root_account>', arn: `arn:aws:iam::${accountId}:root`, password_enabled: 'not_supported' },
      ...{ mfa_active: 'true', ...keyFields(1, undefined), ...keyFields(2, undefined) },
    },
    ...users.map((user) => {
      // In the order in which they were made.
      const [first, second] = keys.ofUser(user['user_id'] ?? '');
      return { ...user, ...keyFields(1, first, keys), ...keyFields(2, second, keys) };
    }),
  ];
  const lines = rows.map((row: Readonly<Record<string, string>>) =>
    COLUMNS.map((name) => row[name] ?? 'N/A').join(','),
  );
  return [COLUMNS.join(','), ...lines].join('\n');
}

function keyFields(slot: number, key: AccessKey | undefined, keys?: AccessKeys): Record<string, string> {
  const use = key === undefined ? undefined : keys?.lastKnownUse(key);
  const values = [
    String(key?.status === 'Active'),
    key === undefined ? 'N/A' : reportTime(key.createdAt),
    use === undefined ? 'N/A' : reportTime(use.at),
    use?.region ?? 'N/A',
    use?.service ?? 'N/A',
  ];
  return Object.fromEntries(keyColumns(slot).map((name, at) => [name, values[at] ?? 'N/A']));
}

/** What moto's own report says of users, by column, and the id of each. */
async function usersOfMoto(moto: Moto): Promise<readonly Record<string, string>[]> {
  await moto.query('iam', { Action: 'GenerateCredentialReport', ...VERSION });
  const answer = await moto.query('iam', { Action: 'GetCredentialReport', ...VERSION });
  const content = xmlText(answer.body.toString('utf8'), 'Content') ?? '';
  const [head = '', ...lines] = Buffer.from(content, 'base64').toString('utf8').trim().split('\n');
  const ids = await idsOfMoto(moto);
  const columns = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    const row = Object.fromEntries(columns.map((name, at) => [name, fields[at] ?? 'N/A']));
    return { ...row, user_id: ids.get(row['user'] ?? '') ?? '' };
  });
}

async function idsOfMoto(moto: Moto): Promise<ReadonlyMap<string, string>> {
  const answer = await moto.query('iam', { Action: 'ListUsers', ...VERSION });
  const xml = answer.body.toString('utf8');
  return new Map(
    [...xml.matchAll(/<UserName>([^<]*)<\/UserName>[\s\S]*?<UserId>([^<]*)<\/UserId>/g)].map(
      ([, name, id]) => [name ?? '', id ?? ''],
    ),
  );
}

const reportTime = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');
const seconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
