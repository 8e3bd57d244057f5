import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { fileWithStack, fileWithStacks, fileWithUser, itAccepts, NOW, refusalOf } from './refusal';

const entries = (count: number, entry: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => entry(index)).join(', ');

itAccepts('the shortest interval for the default overlap and grace period', fileWithUser('rotateEvery: 10d'));
itAccepts('the longest interval for the default maximum key age', fileWithUser('rotateEvery: 84d'));
itAccepts(
  'an interval of hours with no overlap and no grace period',
  fileWithUser('rotateEvery: 25h', 'overlap: 0h', 'gracePeriod: 0h'),
);
itAccepts(
  'a weekly schedule with a short grace period',
  fileWithUser('schedule: cron(0 4 ? * MON *)', 'gracePeriod: 3d'),
);
itAccepts(
  'the longest maximum key age that the longest interval needs',
  fileWithUser('rotateEvery: 999d', 'maximumKeyAge: 1005d'),
);
itAccepts('holding with an overlap of 6 hours', fileWithUser('whenStillInUse: hold', 'overlap: 6h'));
itAccepts('no overlap, where nothing is said of holding', fileWithUser('overlap: 0h'));
itAccepts(
  'an exemption of a year, to the end of its last day',
  fileWithUser('exemption: { reason: audit, until: 2027-11-23 }'),
);
itAccepts(
  "a tag that overrides the stack's",
  fileWithStack('tags: { team: a }', 'users: { ci: { tags: { team: b } } }'),
);
itAccepts(
  'the same user name and prefix in another account',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, users: { mailer: {} } }",
    "b: { accountId: '444455556666', region: eu-west-1, users: { mailer: {} } }",
  ),
);
itAccepts(
  'a reader of another account with a customer key',
  fileWithStack(
    'kmsKeyArn: arn:aws:kms:eu-west-1:444455556666:key/mrk-1',
    'users: { ci: { readers: [arn:aws:iam::444455556666:root] } }',
  ),
);

it.each<[most: number, what: string, (count: number) => string]>([
  [47, 'characters of a key', (count) => fileWithStack(`users: { ${'k'.repeat(count)}: {} }`)],
  [48, 'characters of a prefix', (count) => fileWithStack(`prefix: ${'p'.repeat(count)}`)],
  [64, 'characters of a user name', (count) => fileWithUser(`userName: ${'u'.repeat(count)}`)],
  [512, 'characters of a path', (count) => fileWithUser(`path: /${'p'.repeat(count - 2)}/`)],
  [128, 'characters of a tag’s key', (count) => fileWithUser(`tags: { ${'k'.repeat(count)}: v }`)],
  [256, 'characters of a tag’s value', (count) => fileWithUser(`tags: { k: ${'v'.repeat(count)} }`)],
  [
    256,
    'characters of a reason',
    (count) => fileWithUser(`exemption: { reason: ${'r'.repeat(count)}, until: 2027-01-31 }`),
  ],
  [40, 'tags', (count) => fileWithUser(`tags: { ${entries(count, (index) => `t${index}: x`)} }`)],
  [
    20,
    'policies',
    (count) =>
      fileWithUser(`policyArns: [${entries(count, (index) => `arn:aws:iam::aws:policy/p${index}`)}]`),
  ],
  [
    50,
    'readers',
    (count) =>
      fileWithUser(`readers: [${entries(count, (index) => `arn:aws:iam::111122223333:role/r${index}`)}]`),
  ],
  [
    10,
    'keys to take over',
    (count) => fileWithUser(`takeOver: [${entries(count, (index) => `AKIAIOSFODN${index}EXAMPLE`)}]`),
  ],
  [
    50,
    'addresses',
    (count) => fileWithStack(`alerts: { emails: [${entries(count, (index) => `o${index}@example.com`)}] }`),
  ],
  [5000, 'deletions', (count) => fileWithStack(`maximumDeletionsPerRun: ${count}`)],
])('rotation.yaml is accepted with %d %s, and refused with one more', (most, _what, fileWith) => {
  expect(() => parseConfiguration('rotation.yaml', fileWith(most), NOW)).not.toThrow();
  expect(refusalOf(fileWith(most + 1)).problems).toHaveLength(1);
});

it.each([
  ['no deletion', fileWithStack('maximumDeletionsPerRun: 0')],
  ['an interval of a day', fileWithUser('rotateEvery: 24h', 'overlap: 0h', 'gracePeriod: 0h')],
])('rotation.yaml is refused for %s, which just does not fit', (_what, text) => {
  expect(refusalOf(text).problems).toHaveLength(1);
});
