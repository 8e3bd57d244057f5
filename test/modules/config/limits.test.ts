import { fileWithStack, fileWithUser, itAccepts, refusalOf } from './refusal';

const entries = (count: number, entry: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => entry(index)).join(', ');

describe('What just fits', () => {
  itAccepts(
    'the shortest interval for the default overlap and grace period',
    fileWithUser('rotateEvery: 10d'),
  );
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
  itAccepts(
    'a key of 47 characters with the default prefix',
    fileWithStack(`users: { ${'k'.repeat(47)}: {} }`),
  );
  itAccepts('a prefix of 48 characters', fileWithStack(`prefix: ${'p'.repeat(48)}`));
  itAccepts('a user name of 64 characters', fileWithUser(`userName: ${'u'.repeat(64)}`));
  itAccepts('a path of 512 characters', fileWithUser(`path: /${'p'.repeat(510)}/`));
  itAccepts(
    'a tag of 128 and 256 characters',
    fileWithUser(`tags: { ${'k'.repeat(128)}: ${'v'.repeat(256)} }`),
  );
  itAccepts('40 tags', fileWithUser(`tags: { ${entries(40, (index) => `t${index}: x`)} }`));
  itAccepts(
    '20 policies',
    fileWithUser(`policyArns: [${entries(20, (index) => `arn:aws:iam::aws:policy/p${index}`)}]`),
  );
  itAccepts(
    '50 readers',
    fileWithUser(`readers: [${entries(50, (index) => `arn:aws:iam::111122223333:role/r${index}`)}]`),
  );
  itAccepts('holding with an overlap of 6 hours', fileWithUser('whenStillInUse: hold', 'overlap: 6h'));
  itAccepts('no overlap, where nothing is said of holding', fileWithUser('overlap: 0h'));
  itAccepts(
    'an exemption of a year, to the end of its last day',
    fileWithUser('exemption: { reason: audit, until: 2027-11-23 }'),
  );
  itAccepts(
    '10 keys to take over',
    fileWithUser(`takeOver: [${entries(10, (index) => `AKIAIOSFODN${index}EXAMPLE`)}]`),
  );
  itAccepts(
    '50 addresses',
    fileWithStack(`alerts: { emails: [${entries(50, (index) => `o${index}@example.com`)}] }`),
  );
  itAccepts('5000 deletions', fileWithStack('maximumDeletionsPerRun: 5000'));
  itAccepts(
    "a tag that overrides the stack's",
    fileWithStack('tags: { team: a }', 'users: { ci: { tags: { team: b } } }'),
  );
  itAccepts(
    'the same user name and prefix in another account',
    [
      'stacks:',
      "  a: { accountId: '111122223333', region: eu-west-1, users: { mailer: {} } }",
      "  b: { accountId: '444455556666', region: eu-west-1, users: { mailer: {} } }",
    ].join('\n'),
  );
  itAccepts(
    'a reader of another account with a customer key',
    fileWithStack(
      'kmsKeyArn: arn:aws:kms:eu-west-1:444455556666:key/mrk-1',
      'users: { ci: { readers: [arn:aws:iam::444455556666:root] } }',
    ),
  );
});

describe('What just does not fit', () => {
  it.each([
    ['a key of 48 characters', fileWithStack(`users: { ${'k'.repeat(48)}: {} }`)],
    ['a prefix of 49 characters', fileWithStack(`prefix: ${'p'.repeat(49)}`)],
    ['a user name of 65 characters', fileWithUser(`userName: ${'u'.repeat(65)}`)],
    ['a path of 513 characters', fileWithUser(`path: /${'p'.repeat(511)}/`)],
    ['a tag key of 129 characters', fileWithUser(`tags: { ${'k'.repeat(129)}: v }`)],
    ['a tag value of 257 characters', fileWithUser(`tags: { k: ${'v'.repeat(257)} }`)],
    [
      '21 policies',
      fileWithUser(`policyArns: [${entries(21, (index) => `arn:aws:iam::aws:policy/p${index}`)}]`),
    ],
    [
      '51 readers',
      fileWithUser(`readers: [${entries(51, (index) => `arn:aws:iam::111122223333:role/r${index}`)}]`),
    ],
    [
      '11 keys to take over',
      fileWithUser(`takeOver: [${entries(11, (index) => `AKIAIOSFODN${index}EXAMPLE`)}]`),
    ],
    [
      '51 addresses',
      fileWithStack(`alerts: { emails: [${entries(51, (index) => `o${index}@example.com`)}] }`),
    ],
    ['5001 deletions', fileWithStack('maximumDeletionsPerRun: 5001')],
    ['no deletion', fileWithStack('maximumDeletionsPerRun: 0')],
    [
      'a reason of 257 characters',
      fileWithUser(`exemption: { reason: ${'r'.repeat(257)}, until: 2027-01-31 }`),
    ],
    ['an interval of a day', fileWithUser('rotateEvery: 24h', 'overlap: 0h', 'gracePeriod: 0h')],
  ])('is %s', (_what, text) => {
    expect(refusalOf(text).problems).toHaveLength(1);
  });
});
