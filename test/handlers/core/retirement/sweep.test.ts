import { UnreadableRecordError } from '../../../../handlers/core/model/call-errors';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import type { KeyUse } from '../../../../handlers/core/retirement/retirement-ports';
import type { UserResult } from '../../../../handlers/core/retirement/sweep';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { dyingAtEveryCall } from '../../../support/retirement-world';
import { Fleet, type Swept } from './support/fleet';

const refused = (kind: 'throttled' | 'accessDenied') => refusal(call.updateAccessKey, kind, kind, 'no');

const visited = (summary: Swept | undefined): readonly string[] =>
  summary!.results.map(({ stableKey }) => stableKey);

function resultOf(summary: Swept | undefined, stableKey: string): UserResult {
  return summary!.results.find((result) => result.stableKey === stableKey)!;
}

/** What was done to the user, as `deactivate delete`. */
function actsOn(summary: Swept | undefined, stableKey: string): string {
  const result = resultOf(summary, stableKey);
  if ('failure' in result) return `failed: ${result.failure.message}`;
  return result.outcome.acts.map(({ what }) => what).join(' ');
}

/** What is left to say of the user, as `stillInUse`. */
function leftOf(summary: Swept | undefined, stableKey: string): readonly string[] {
  const result = resultOf(summary, stableKey);
  if ('failure' in result) return ['failed'];
  return result.outcome.left.map((decision) => {
    switch (decision.kind) {
      case 'act':
        return decision.what;
      case 'hold':
        return decision.cause;
      case 'report':
        return decision.fault;
      case 'notice':
        return decision.about;
    }
  });
}

test('a sweep does what is due for each user, and returns what is left', async () => {
  const fleet = new Fleet({
    a: 'quiet',
    b: 'inOverlap',
    c: 'overlapOver',
    d: 'stillInUse',
    e: 'inGracePeriod',
    f: 'gracePeriodOver',
    g: 'unmanagedKey',
  });
  const summary = await fleet.sweep({ concurrency: 3 });
  const due = [...fleet.users.keys()].map((user) => [user, actsOn(summary, user), ...leftOf(summary, user)]);
  expect(due).toEqual([
    ['a', ''],
    ['b', ''],
    ['c', 'deactivate'],
    ['d', '', 'stillInUse'],
    ['e', ''],
    ['f', 'delete'],
    ['g', '', 'unmanagedKey'],
  ]);
  expect([...fleet.users.keys()].map((user) => fleet.keys(user))).toEqual([
    'Active',
    'Active Active',
    'Active Inactive',
    'Active Active',
    'Active Inactive',
    'Active Gone',
    'Active Active',
  ]);
  expect(summary).toMatchObject({ users: 7, notReached: 0, deletionsRefused: 0 });
});

test('a user of whom nothing is due costs two calls, and no lease', async () => {
  const fleet = new Fleet({ a: 'inOverlap', b: 'quiet' });
  const process = fleet.process();
  await fleet.sweep({}, process);
  expect(process.calls.map(({ name }) => name.action)).toEqual([
    'UpdateItem', // The run's claim.
    'Scan',
    'DescribeSecret',
    'ListAccessKeys',
    'DescribeSecret',
    'ListAccessKeys',
    'UpdateItem',
  ]);
});

describe('one sweep at a time', () => {
  test('a second sweep ends without touching anything', async () => {
    const fleet = new Fleet({ a: 'overlapOver', b: 'gracePeriodOver' });
    let second: Swept | undefined | 'never' = 'never';
    let before = '';
    let after = '';
    const first = fleet.process({
      before: async ({ name }) => {
        if (name.action !== 'ListAccessKeys' || second !== 'never') return;
        before = fleet.everything;
        second = undefined;
        second = await fleet.sweep();
        after = fleet.everything;
      },
    });
    await fleet.sweep({}, first);
    expect(second).toBeUndefined();
    expect(after).toBe(before);
    expect(fleet.log.map(({ message }) => message)).toContain('another sweep is running, so this one ends');
  });

  test('a sweep that ended lets the next begin at once', async () => {
    const fleet = new Fleet({ a: 'quiet' });
    await fleet.sweep();
    await expect(fleet.sweep()).resolves.toBeDefined();
  });

  test('a sweep that died keeps the next away only until it is certainly over', async () => {
    const fleet = new Fleet({ a: 'overlapOver' });
    const overAt = fleet.now + 15 * MINUTE;
    const dying = fleet.process({ mishap: { atCall: 2, what: 'diesBefore' } });
    await expect(Promise.race([fleet.sweep({ overAt }, dying), dying.death])).rejects.toThrow('diesBefore');
    await expect(fleet.sweep()).resolves.toBeUndefined();
    fleet.pass(15 * MINUTE);
    expect(actsOn(await fleet.sweep(), 'a')).toBe('deactivate');
  });

  test('a sweep whose end could not be stored still returns its result', async () => {
    const fleet = new Fleet({ a: 'overlapOver' });
    const end = () => Promise.reject(unanswered(call.updateItem));
    const summary = await fleet.sweep({}, fleet.process({ instead: () => ({ sweeps: { end } }) }));
    expect(actsOn(summary, 'a')).toBe('deactivate');
    expect(fleet.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('end of the sweep') }),
    );
  });
});

describe('a sweep whose time is over', () => {
  const FIVE = { a: 'quiet', b: 'quiet', c: 'quiet', d: 'quiet', e: 'quiet' } as const;
  /** Two calls a user, 100 ms each, after the claim and the scan: time for so many. */
  const timeFor = (fleet: Fleet, users: number) => fleet.now + 200 + users * 200;

  test('a sweep whose time is over begins no further visit, and the next one continues after the last', async () => {
    const fleet = new Fleet(FIVE);
    const first = await fleet.sweep({ stopAt: timeFor(fleet, 2) });
    expect(visited(first)).toEqual(['a', 'b']);
    expect(first).toMatchObject({ users: 5, notReached: 3 });
    expect(visited(await fleet.sweep({ stopAt: timeFor(fleet, 2) }))).toEqual(['c', 'd']);
    expect(visited(await fleet.sweep({ stopAt: timeFor(fleet, 2) }))).toEqual(['e', 'a']);
    expect(visited(await fleet.sweep())).toEqual(['b', 'c', 'd', 'e', 'a']);
  });

  test('a sweep that reached all users lets the next begin at the first', async () => {
    const fleet = new Fleet(FIVE);
    await fleet.sweep({ stopAt: timeFor(fleet, 2) });
    await fleet.sweep();
    expect(visited(await fleet.sweep({ stopAt: timeFor(fleet, 1) }))).toEqual(['a']);
  });

  test('a sweep continues also where the last user no longer exists', async () => {
    const fleet = new Fleet(FIVE);
    await fleet.sweep({ stopAt: timeFor(fleet, 2) });
    fleet.aws.table.setSettingsText('b', undefined);
    expect(visited(await fleet.sweep())).toEqual(['c', 'd', 'e', 'a']);
  });

  test('a sweep without a visit lets the next continue where the one before it stopped', async () => {
    const fleet = new Fleet(FIVE);
    await fleet.sweep({ stopAt: timeFor(fleet, 2) });
    expect(visited(await fleet.sweep({ stopAt: fleet.now }))).toEqual([]);
    expect(visited(await fleet.sweep({ stopAt: timeFor(fleet, 1) }))).toEqual(['c']);
  });

  test('a sweep ends the visits that it began, however many at a time', async () => {
    const fleet = new Fleet({ a: 'overlapOver', b: 'overlapOver', c: 'overlapOver' });
    const summary = await fleet.sweep({ concurrency: 2, stopAt: fleet.now + 300 });
    expect(visited(summary).toSorted()).toEqual(['a', 'b']);
    expect([fleet.keys('a'), fleet.keys('b'), fleet.keys('c')]).toEqual([
      'Active Inactive',
      'Active Inactive',
      'Active Active',
    ]);
  });
});

describe('R8: a user whose visit fails is reported, and the visits of the others go on', () => {
  const THREE = { a: 'overlapOver', b: 'overlapOver', c: 'overlapOver' } as const;

  test.each<[string, (fleet: Fleet) => void, RegExp]>([
    [
      'settings that are no JSON',
      (fleet) => fleet.aws.table.setSettingsText('b', '{'),
      /settings#b cannot be read/,
    ],
    [
      'an exemption that cannot be read',
      (fleet) => {
        const exemption = { reason: 'audit', until: 'spring' };
        fleet.aws.table.setSettingsText(
          'b',
          JSON.stringify({ ...fleet.users.get('b')!.settings, exemption }),
        );
      },
      /settings#b cannot be read/,
    ],
    [
      'a journal that is no journal',
      (fleet) => fleet.aws.table.setJournalText('b', '{"previous":7}'),
      /journal#b cannot be read/,
    ],
    [
      'a journal of another user',
      (fleet) => fleet.aws.table.setJournalText('b', fleet.aws.table.journalText('a')),
      /The journal is about IAM user id AIDAAEXAMPLE/,
    ],
    [
      'a name that IAM does not know',
      (fleet) => fleet.aws.table.setSettings('b', { ...fleet.users.get('b')!.settings, userName: 'nobody' }),
      /NoSuchEntity/,
    ],
  ])(
    'the visit of a user with %s fails and is reported, and the others are visited',
    async (_what, happen, saying) => {
      const fleet = new Fleet(THREE);
      happen(fleet);
      const summary = await fleet.sweep();
      expect(actsOn(summary, 'b')).toMatch(saying);
      expect([actsOn(summary, 'a'), actsOn(summary, 'c')]).toEqual(['deactivate', 'deactivate']);
      expect(fleet.keys('b')).toBe('Active Active');
      expect(fleet.log).toContainEqual(
        expect.objectContaining({ level: 'error', fields: expect.objectContaining({ user: 'b' }) }),
      );
    },
  );

  test('no call is made for a user whose items cannot be read', async () => {
    const fleet = new Fleet({ b: 'overlapOver' });
    fleet.aws.table.setSettingsText('b', '{');
    const process = fleet.process();
    const summary = await fleet.sweep({}, process);
    expect(process.calls.map(({ name }) => name.action)).toEqual(['UpdateItem', 'Scan', 'UpdateItem']);
    expect(resultOf(summary, 'b')).toMatchObject({ failure: expect.any(UnreadableRecordError) });
  });

  test('a user without a journal is reported, and not touched', async () => {
    const fleet = new Fleet({ b: 'overlapOver' });
    fleet.aws.table.setJournalText('b', undefined);
    const summary = await fleet.sweep();
    expect(leftOf(summary, 'b')).toEqual(['unknownState']);
    expect(fleet.keys('b')).toBe('Active Active');
  });

  test('a table that cannot be read ends the sweep, because then no user is known', async () => {
    const fleet = new Fleet(THREE);
    const before = fleet.everything;
    const list = () => Promise.reject(refused('accessDenied'));
    const { ports } = fleet.process();
    const sweeping = fleet.sweep({}, { ports: { ...ports, directory: { list } } });
    await expect(sweeping).rejects.toThrow('accessDenied');
    expect(fleet.everything).toBe(before);
  });
});

describe('the deletions of one sweep', () => {
  const FOUR = {
    a: 'gracePeriodOver',
    b: 'gracePeriodOver',
    c: 'gracePeriodOver',
    d: 'overlapOver',
  } as const;

  test('the deletions of a sweep are limited, and the next sweep makes the rest', async () => {
    const fleet = new Fleet(FOUR);
    const first = await fleet.sweep({ maximumDeletions: 2 });
    expect(first!.deletionsRefused).toBe(1);
    expect([actsOn(first, 'a'), actsOn(first, 'b'), actsOn(first, 'c')]).toEqual(['delete', 'delete', '']);
    expect(leftOf(first, 'c')).toEqual(['delete']);
    expect(fleet.keys('c')).toBe('Active Inactive');
    const second = await fleet.sweep({ maximumDeletions: 2 });
    expect(actsOn(second, 'c')).toBe('delete');
    expect(second!.deletionsRefused).toBe(0);
  });

  test('a limit of no deletions stops no deactivation', async () => {
    const fleet = new Fleet(FOUR);
    const summary = await fleet.sweep({ maximumDeletions: 0 });
    expect(summary!.deletionsRefused).toBe(3);
    expect(actsOn(summary, 'd')).toBe('deactivate');
    expect(fleet.keys('a')).toBe('Active Inactive');
  });

  test('a deletion that was not done after all does not count', async () => {
    const fleet = new Fleet({ a: 'gracePeriodOver', b: 'gracePeriodOver' });
    const { userName } = fleet.users.get('a')!.settings;
    let listings = 0;
    const process = fleet.process({
      before: ({ name, about }) => {
        if (name.action !== 'ListAccessKeys' || about !== userName || (listings += 1) !== 3) return;
        // Immediately before the deletion, whoever looks once more sees that the current key does not work.
        fleet.aws.iam.setStatus(userName, fleet.users.get('a')!.currentKeyId, 'Inactive', fleet.now, {
          by: 'person',
        });
      },
    });
    const summary = await fleet.sweep({ maximumDeletions: 1 }, process);
    expect(fleet.keys('a')).toBe('Inactive Inactive');
    expect([actsOn(summary, 'a'), actsOn(summary, 'b')]).toEqual(['', 'delete']);
    expect(summary!.deletionsRefused).toBe(0);
  });
});

describe('a dry run', () => {
  test('a dry run decides, reports its decisions, and changes nothing', async () => {
    const fleet = new Fleet({
      a: 'overlapOver',
      b: 'gracePeriodOver',
      c: 'stillInUse',
      d: 'unmanagedKey',
      e: 'quiet',
    });
    fleet.aws.table.setSettings('d', { ...fleet.users.get('d')!.settings, takeOver: 'all' });
    const before = fleet.everything;
    const process = fleet.process();
    const summary = await fleet.sweep({ mode: 'report', maximumDeletions: 0 }, process);
    expect(fleet.everything).toBe(before);
    expect(process.calls.filter(({ mutates }) => mutates).map(({ about }) => about)).toEqual([
      'begin sweep',
      'end sweep',
    ]);
    expect([...fleet.users.keys()].map((user) => leftOf(summary, user))).toEqual([
      ['deactivate'],
      ['delete'],
      ['stillInUse'],
      ['takeOver'],
      [],
    ]);
  });
});

describe('a change that AWS throttles', () => {
  function throttling(fleet: Fleet, times: number) {
    const leases: number[] = [];
    const process = fleet.process({
      instead: ({ keys }) => ({
        keys: {
          deactivate: (...key) => {
            leases.push(fleet.aws.table.lease('a')!.until - fleet.now);
            return leases.length <= times ? Promise.reject(refused('throttled')) : keys.deactivate(...key);
          },
        },
      }),
    });
    return { leases, process };
  }

  test('a throttled change is made again within the visit, each time under a lease that lasts for it', async () => {
    const fleet = new Fleet({ a: 'overlapOver' });
    const { leases, process } = throttling(fleet, 2);
    expect(actsOn(await fleet.sweep({}, process), 'a')).toBe('deactivate');
    expect(fleet.keys('a')).toBe('Active Inactive');
    expect(leases).toHaveLength(3);
    for (const left of leases) expect(left).toBeGreaterThan(15 * SECOND);
  });

  test('a change that is throttled three times is left to the next sweep', async () => {
    const fleet = new Fleet({ a: 'overlapOver', b: 'overlapOver' });
    const { leases, process } = throttling(fleet, 99);
    const summary = await fleet.sweep({}, process);
    expect(actsOn(summary, 'a')).toContain('failed');
    expect(leases.length).toBeGreaterThanOrEqual(3);
    fleet.pass(1 * HOUR);
    expect(actsOn(await fleet.sweep(), 'a')).toBe('deactivate');
  });
});

describe('who uses a held key', () => {
  const USES: readonly KeyUse[] = [
    {
      at: 0,
      call: 's3.amazonaws.com GetObject',
      principal: 'x',
      sourceAddress: '192.0.2.7',
      userAgent: 'aws-cli',
      hasFailed: false,
    },
  ];

  test('CloudTrail is asked who uses a held key once, when the hold begins', async () => {
    const fleet = new Fleet({ a: 'stillInUse', b: 'quiet' });
    const recentUses = jest.fn(() => Promise.resolve(USES));
    const asking = () => fleet.process({ instead: () => ({ trail: { recentUses } }) });
    const { otherKeyId } = fleet.users.get('a')!;
    await fleet.sweep({}, asking());
    fleet.pass(1 * HOUR);
    await fleet.sweep({}, asking());
    expect(recentUses.mock.calls).toEqual([[otherKeyId]]);
    const told = fleet.log.filter(({ message }) => message === 'who uses the held key');
    expect(told).toMatchObject([{ fields: { user: 'a', keyId: otherKeyId, uses: USES } }]);
    expect(fleet.journal('a').previous[0]?.hold).toMatchObject({ cause: 'stillInUse' });
  });

  test('CloudTrail is asked again when a hold that had ended begins again', async () => {
    const fleet = new Fleet({ a: 'stillInUse' });
    fleet.aws.table.setSettings('a', { ...fleet.users.get('a')!.settings, gracePeriodSeconds: 0 });
    const { otherKeyId, settings } = fleet.users.get('a')!;
    await fleet.sweep();
    const begun = fleet.journal('a').previous[0]!.hold!.since;
    fleet.pass(2 * DAY);
    fleet.aws.iam.use(otherKeyId!, 'ec2', fleet.now);
    const still = await fleet.sweep();
    expect(leftOf(still, 'a')).toEqual(['stillInUse']);
    expect(fleet.journal('a').previous[0]!.hold!.since).toBe(begun);
    fleet.pass(2 * DAY);
    const released = await fleet.sweep({ maximumDeletions: 0 });
    expect(actsOn(released, 'a')).toBe('deactivate');
    expect(fleet.journal('a').previous[0]!.hold).toBeUndefined();
    expect(fleet.aws.iam.keysOf(settings.userName)).toHaveLength(2);
  });

  test('a key is held also where CloudTrail cannot be asked who uses it', async () => {
    const fleet = new Fleet({ a: 'stillInUse' });
    const recentUses = () => Promise.reject(unanswered(call.lookupEvents));
    const summary = await fleet.sweep({}, fleet.process({ instead: () => ({ trail: { recentUses } }) }));
    expect(leftOf(summary, 'a')).toEqual(['stillInUse']);
    expect(fleet.keys('a')).toBe('Active Active');
    expect(fleet.log.map(({ message }) => message)).toContain(
      'CloudTrail could not be asked who uses the held key',
    );
  });
});

test('a sweep that dies anywhere is completed by the next (R5, R6)', async () => {
  const deaths = await dyingAtEveryCall(
    async () => new Fleet({ a: 'overlapOver', b: 'gracePeriodOver', c: 'stillInUse', d: 'inGracePeriod' }),
    (fleet, process) => fleet.sweep({ overAt: fleet.now + MINUTE }, process),
    async (fleet) => {
      await fleet.sweep();
      expect(['a', 'b', 'c', 'd'].map((user) => fleet.keys(user))).toEqual([
        'Active Inactive',
        'Active Gone',
        'Active Active',
        'Active Inactive',
      ]);
      expect(fleet.journal('a').previous[0]?.phase).toBe('deactivated');
      expect(fleet.journal('b').previous).toEqual([]);
      expect(fleet.journal('c').previous[0]?.hold?.cause).toBe('stillInUse');
    },
  );
  expect(deaths).toBeGreaterThan(50);
});

test('users that are visited at the same time are each changed under their own lease', async () => {
  const fleet = new Fleet({ a: 'overlapOver', b: 'overlapOver' });
  const holders: unknown[] = [];
  const process = fleet.process({
    before: ({ name, about }) => {
      if (name.action !== 'UpdateAccessKey') return;
      const [user] = [...fleet.users].find(([, { otherKeyId }]) => about.startsWith(otherKeyId!))!;
      holders.push(fleet.aws.table.lease(user)?.holder);
    },
  });
  await fleet.sweep({ concurrency: 2 }, process);
  expect(holders).toHaveLength(2);
  expect(holders).not.toContain(undefined);
  expect(new Set(holders).size).toBe(2);
});
