import { UseGroups } from '../../../cli/who-uses/group-uses';
import type { KeyUse } from '../../../handlers/core/retirement/retirement-ports';

const use: KeyUse = {
  at: Date.parse('2026-01-02T00:00:00Z'),
  call: 's3.amazonaws.com ListBuckets',
  principal: 'arn:aws:iam::111122223333:user/app',
  sourceAddress: '192.0.2.7',
  userAgent: 'aws-cli/2',
  hasFailed: false,
};

const grouped = (...uses: readonly Partial<KeyUse>[]): ReturnType<UseGroups['all']> => {
  const groups = new UseGroups();
  for (const own of uses) groups.add({ ...use, ...own });
  return groups.all();
};

describe('uses of a key', () => {
  it('of one principal, address, program and service are one group, with first and last', () => {
    const later = Date.parse('2026-01-03T00:00:00Z');
    expect(grouped({ at: later, hasFailed: true }, { call: 's3.amazonaws.com CreateBucket' }, {})).toEqual([
      {
        principal: use.principal,
        sourceAddress: use.sourceAddress,
        userAgent: use.userAgent,
        service: 's3.amazonaws.com',
        actions: ['CreateBucket', 'ListBuckets'],
        calls: 3,
        failed: 1,
        first: '2026-01-02T00:00:00.000Z',
        last: '2026-01-03T00:00:00.000Z',
      },
    ]);
  });

  it.each([
    { principal: 'another' },
    { sourceAddress: '192.0.2.8' },
    { userAgent: 'boto3' },
    { call: 'sts.amazonaws.com ListBuckets' },
  ])('that differ in %j are two groups, the most recent first', (own) => {
    const groups = grouped({}, { ...own, at: use.at + 1 });
    expect(groups).toHaveLength(2);
    expect(groups[0]!.last > groups[1]!.last).toBe(true);
  });

  it('are told apart although their parts would join to the same text', () => {
    expect(
      grouped({ principal: 'a","b', sourceAddress: 'c' }, { principal: 'a', sourceAddress: 'b","c' }),
    ).toHaveLength(2);
  });
});
