import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TOLD_IN_AN_HOUR } from '../../handlers/core/notifications/told-acts';
import { AthenaLike } from './support/athena-like';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'audit.md'), 'utf8');

/** The SQL of the page, by the heading above it. */
const SQL: Readonly<Record<string, string>> = Object.fromEntries(
  PAGE.split(/^#+ /m).flatMap((section): [string, string][] => {
    const [heading = ''] = section.split('\n');
    const sql = /```sql\n(.*?)```/s.exec(section)?.[1];
    return sql === undefined ? [] : [[heading, sql]];
  }),
);
const { 'The table': TABLE, ...QUERIES } = SQL;

const ACCOUNT = '111122223333';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const OTHER_KEY = 'AKIAI44QH8DHBEXAMPLE';

const session = (role: string, accessKeyId = 'ASIAEXAMPLE') => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`,
  accountId: ACCOUNT,
  accessKeyId,
  sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${role}` } },
});
const ciDeployer = {
  type: 'IAMUser',
  arn: `arn:aws:iam::${ACCOUNT}:user/ci-deployer`,
  accountId: ACCOUNT,
  accessKeyId: KEY,
  userName: 'ci-deployer',
};

let minute = 0;
/** An event as it is in a file of a trail; each a minute later than the one before. */
const event = (name: string, userIdentity: object, own: object = {}) => {
  const [service = '', eventName = ''] = name.split(':');
  return {
    eventVersion: '1.11',
    eventTime: `2026-11-10T04:${String(minute++).padStart(2, '0')}:00Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: service === 'iam' ? 'us-east-1' : 'eu-west-1',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli',
    userIdentity,
    requestParameters: null,
    responseElements: null,
    ...own,
  };
};
const keyAct = (name: string, who: object, keyId: string, own: object = {}) =>
  event(`iam:${name}`, who, {
    requestParameters: { userName: 'ci-deployer', accessKeyId: keyId, ...own },
  });
const made = (who: object, keyId: string, requestParameters: object | null = { userName: 'ci-deployer' }) =>
  event('iam:CreateAccessKey', who, {
    requestParameters,
    responseElements: { accessKey: { userName: 'ci-deployer', accessKeyId: keyId, status: 'Active' } },
  });
const read = (who: object, secretId: string, own: object = {}) =>
  event('secretsmanager:GetSecretValue', who, { requestParameters: { secretId }, ...own });

const ours = session('iam-key-rotation-ci-deployer');
const sweep = session('iam-key-rotation-retire');
const thief = session('somebody', 'ASIASTOLEN');

const EVENTS = [
  made(ours, KEY),
  read(session('ci'), 'iam-key-rotation/ci-deployer'),
  read(thief, `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:iam-key-rotation/ci-deployer-AbC123`, {
    errorCode: 'AccessDenied',
  }),
  read(session('ci'), 'other/secret'),
  event('s3:ListBuckets', ciDeployer),
  event('sts:AssumeRole', ciDeployer, {
    responseElements: { credentials: { accessKeyId: 'ASIASTOLEN' } },
  }),
  event('ec2:DescribeInstances', thief),
  keyAct('UpdateAccessKey', sweep, KEY, { status: 'Inactive' }),
  keyAct('DeleteAccessKey', sweep, KEY),
  made(ciDeployer, OTHER_KEY, null),
  { ...made(ours, 'AKIAREFUSED'), errorCode: 'LimitExceededException' },
];

let athena: AthenaLike;

beforeAll(async () => {
  athena = await AthenaLike.withTable(TABLE!);
  await athena.add(EVENTS);
});

it('the SQL of docs/audit.md is a table and four questions', () => {
  expect(Object.keys(SQL)).toEqual([
    'The table',
    'Who read which secret, and when',
    'The life of every key',
    'Everything that was done with a given key',
    'Who touched the keys of rotated users besides us',
  ]);
});

it.each(Object.entries(QUERIES))(
  'the SQL of docs/audit.md reads only the folders that it needs: %s',
  (_, sql) => {
    const reads = sql.match(/FROM audit_trail/g) ?? [];

    expect(sql.match(/log_region (=|IN)/g)).toHaveLength(reads.length);
    expect(sql.match(/log_day BETWEEN/g)).toHaveLength(reads.length);
  },
);

it('the SQL of docs/audit.md finds who read which secret', async () => {
  const rows = await athena.ask(QUERIES['Who read which secret, and when']!);

  expect(rows.map(({ reader, secret, errorcode }) => [reader, secret, errorcode])).toEqual([
    [`arn:aws:iam::${ACCOUNT}:role/ci`, 'iam-key-rotation/ci-deployer', null],
    [`arn:aws:iam::${ACCOUNT}:role/somebody`, expect.stringContaining('ci-deployer-AbC123'), 'AccessDenied'],
  ]);
});

it('the SQL of docs/audit.md finds the life of every key', async () => {
  const rows = await athena.ask(QUERIES['The life of every key']!);
  const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/iam-key-rotation-${name}`;

  expect(rows).toEqual([
    {
      user_name: 'ci-deployer',
      key_id: KEY,
      created: '2026-11-10T04:00:00Z',
      created_by: role('ci-deployer'),
      last_deactivated: '2026-11-10T04:07:00Z',
      last_activated: null,
      deleted: '2026-11-10T04:08:00Z',
      deleted_by: role('retire'),
    },
    expect.objectContaining({ key_id: OTHER_KEY, created_by: ciDeployer.arn, deleted: null }),
  ]);
});

it('the SQL of docs/audit.md finds what was done with a key, and with what was got with it', async () => {
  const rows = await athena.ask(QUERIES['Everything that was done with a given key']!);

  expect(rows.map(({ eventname, key_id }) => [eventname, key_id])).toEqual([
    ['GetSecretValue', 'ASIASTOLEN'],
    ['ListBuckets', KEY],
    ['AssumeRole', KEY],
    ['DescribeInstances', 'ASIASTOLEN'],
    ['CreateAccessKey', KEY],
  ]);
});

it('the SQL of docs/audit.md finds who touched keys besides us', async () => {
  const rows = await athena.ask(QUERIES['Who touched the keys of rotated users besides us']!);

  expect(rows.map(({ eventname, actor }) => [eventname, actor])).toEqual([
    ['CreateAccessKey', ciDeployer.arn],
  ]);
});

test('how many messages there are of acts is what the page says', () => {
  const [, table = ''] = /<!-- acts:start -->(.*?)<!-- acts:end -->/s.exec(PAGE)!;
  const rows = [...table.matchAll(/^\| (.*?) +\| (\d+) +\|$/gm)].map(([, acts, most]) => ({
    most: Number(most),
    acts,
  }));
  expect(rows).toEqual(Object.values(TOLD_IN_AN_HOUR));
});
