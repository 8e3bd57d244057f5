import { DAY, HOUR } from '../../../../contract/instant';
import type { OpenFinding } from '../../../../handlers/core/model/open-finding';
import { requirePublished } from '../../../support/published-events';
import { Fleet } from './support/fleet';

/** The value of a gauge of the stack, as the last run recorded it. */
const gauge = (fleet: Fleet, name: string): number =>
  Number(
    fleet.listener.measured.findLast((line) => new RegExp(`^${name} [\\d.]+$`).test(line))?.split(' ')[1],
  );

describe('what a run measures', () => {
  test('a sweep measures everything, and 0 where there is nothing, so that an alarm ends', async () => {
    const fleet = new Fleet({ a: 'quiet', b: 'inOverlap' });
    await fleet.sweep();
    expect(fleet.listener.measured).toEqual([
      'HoursOverdue 0',
      'RotationsStuck 0',
      'KeysPastMaximumAge 0',
      'KeysHeldPastMaximumAge 0',
      'KeysHeld 0',
      'UnmanagedKeys 0',
      expect.stringMatching(/^OldestCurrentKeyDays 10(\.\d+)?$/),
      'RetiredKeysPastGracePeriod 0',
      'UsersWatched 2',
      'UsersFailed 0',
      'DeletionsRefused 0',
      'SweepCompleted 1',
    ]);
  });

  test('a sweep measures held and unmanaged keys, refused deletions and what is past its grace period', async () => {
    const fleet = new Fleet({
      a: 'stillInUse',
      b: 'unmanagedKey',
      c: 'gracePeriodOver',
      d: 'gracePeriodOver',
    });
    await fleet.sweep({ maximumDeletions: 1 });
    const measured = [
      'KeysHeld',
      'UnmanagedKeys',
      'DeletionsRefused',
      'RetiredKeysPastGracePeriod',
      'KeysDeleted',
    ];
    expect(measured.map((name) => gauge(fleet, name))).toEqual([1, 1, 1, 1, 1]);
  });

  test('a user whose rotation should have come is overdue by the hours since, and a day later a finding', async () => {
    const fleet = new Fleet({ a: 'quiet' });
    const { settings } = fleet.users.get('a')!;
    fleet.aws.table.setSettings('a', { ...settings, rotatedWithinSeconds: (10 * DAY - 5 * HOUR) / 1000 });
    await fleet.sweep();
    expect(Math.round(gauge(fleet, 'HoursOverdue'))).toBe(5);
    expect(fleet.listener.told).toEqual([]);
    fleet.pass(20 * HOUR);
    await fleet.sweep();
    expect(fleet.listener.told).toEqual(['Finding Began']);
    expect(fleet.listener.detailsOf('Finding Began')[0]).toMatchObject({
      kind: 'rotationOverdue',
      user: 'a',
    });
  });

  test('an exempted user is not overdue', async () => {
    const fleet = new Fleet({ a: 'quiet' });
    const { settings } = fleet.users.get('a')!;
    const exemption = { reason: 'a migration', until: fleet.now + 90 * DAY };
    fleet.aws.table.setSettings('a', { ...settings, rotatedWithinSeconds: 3600, exemption });
    await fleet.sweep();
    expect(gauge(fleet, 'HoursOverdue')).toBe(0);
  });

  test('a run that does not reach everybody is no heartbeat, and forgets nothing that was open', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey', b: 'unmanagedKey' });
    await fleet.sweep();
    fleet.listener.forget();
    await fleet.sweep({ stopAt: fleet.now });
    expect(gauge(fleet, 'UnmanagedKeys')).toBe(2);
    expect(fleet.listener.measured.join()).not.toContain('SweepCompleted');
  });

  test('a sweep measures each user by itself, where that is asked for', async () => {
    const fleet = new Fleet({ a: 'quiet', b: 'unmanagedKey' });
    await fleet.sweep({ metricsPerUser: true });
    expect(fleet.listener.measured.filter((line) => line.startsWith('UnmanagedKeys'))).toEqual([
      'UnmanagedKeys 0 of a',
      'UnmanagedKeys 1 of b',
      'UnmanagedKeys 1',
    ]);
    expect(fleet.listener.measured.filter((line) => line.includes(' of '))).toHaveLength(16);
  });
});

describe('what a run tells', () => {
  test('a finding is told once, with what to do, and its end once', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey' });
    await fleet.sweep();
    fleet.pass(HOUR);
    await fleet.sweep();
    expect(fleet.listener.told).toEqual(['Finding Began', 'Unmanaged Key Found']);
    expect(fleet.listener.detailsOf('Finding Began')[0]).toMatchObject({
      kind: 'unmanagedKey',
      user: 'a',
      userName: 'a-user',
      nextStep: expect.stringContaining('--user-name a-user') as string,
    });

    fleet.aws.iam.delete('a-user', fleet.users.get('a')!.otherKeyId!, fleet.now, { by: 'person' });
    fleet.pass(HOUR);
    await fleet.sweep();
    await fleet.sweep();
    expect(fleet.listener.told).toEqual(['Finding Began', 'Unmanaged Key Found', 'Finding Ended']);
    for (const { detailType, detail } of fleet.listener.events) {
      requirePublished({
        source: 'iam-key-rotation',
        'detail-type': detailType,
        detail: { version: '1', stack: 'iam-key-rotation', ...detail },
      });
    }
  });

  test('a bus that does not accept fails nothing, and what began is told by the next run', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey', b: 'overlapOver' });
    fleet.listener.busAccepts = false;
    const summary = await fleet.sweep();
    const [{ since: began }] = fleet.listener.stored.get('a')! as readonly [OpenFinding];
    expect(summary!.results.every((result) => 'outcome' in result)).toBe(true);
    expect(fleet.keys('b')).toBe('Active Inactive');
    fleet.listener.busAccepts = true;
    fleet.pass(HOUR);
    await fleet.sweep();
    expect(fleet.listener.told).toEqual(expect.arrayContaining(['Finding Began', 'Unmanaged Key Found']));
    expect(fleet.listener.detailsOf('Finding Began')[0]).toMatchObject({
      since: new Date(began).toISOString(),
    });
  });

  test('an end that the bus did not accept is told by the next run', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey' });
    await fleet.sweep();
    fleet.aws.iam.delete('a-user', fleet.users.get('a')!.otherKeyId!, fleet.now, { by: 'person' });
    fleet.pass(HOUR);
    fleet.listener.busAccepts = false;
    await fleet.sweep();
    fleet.listener.busAccepts = true;
    fleet.pass(HOUR);
    await fleet.sweep();
    expect(fleet.listener.told.filter((type) => type === 'Finding Ended')).toHaveLength(1);
  });

  test('nothing before the table says so, which is what those who hear it read', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey' });
    const stoodThere: object[] = [];
    const sweep = () => {
      const { ports } = fleet.process();
      const send: typeof ports.lifecycle.send = (events) => {
        stoodThere.push(...(fleet.listener.stored.get('a') ?? []));
        return ports.lifecycle.send(events);
      };
      return fleet.sweep({}, { ports: { ...ports, lifecycle: { ...ports.lifecycle, send } } });
    };
    await sweep();
    expect(stoodThere).toEqual([expect.objectContaining({ kind: 'unmanagedKey', told: false })]);
    expect(fleet.listener.stored.get('a')).toEqual([expect.objectContaining({ told: true })]);

    stoodThere.length = 0;
    fleet.aws.iam.delete('a-user', fleet.users.get('a')!.otherKeyId!, fleet.now, { by: 'person' });
    fleet.pass(HOUR);
    await sweep();
    expect(stoodThere).toEqual([
      expect.objectContaining({ kind: 'unmanagedKey', over: expect.any(Number) as number }),
    ]);
    expect(fleet.listener.stored.get('a')).toEqual([]);
  });

  test('nothing that cannot be written down: that is logged, fails nothing, and the next run tells it', async () => {
    const fleet = new Fleet({ a: 'unmanagedKey' });
    const process = fleet.process();
    const findings = { write: () => Promise.reject(new Error('no')) };
    const summary = await fleet.sweep({}, { ports: { ...process.ports, findings } });
    expect(fleet.listener.told).toEqual([]);
    expect(summary!.results).toEqual([expect.objectContaining({ outcome: expect.anything() as unknown })]);
    expect(fleet.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  test('an item of findings that does not parse is told of in the log, and the user is visited all the same', async () => {
    const fleet = new Fleet({ a: 'overlapOver' });
    const { ports } = fleet.process();
    const list = async () =>
      (await ports.directory.list()).map((entry) => ({ ...entry, findings: new Error('unreadable') }));
    await fleet.sweep({}, { ports: { ...ports, directory: { list } } });
    expect(fleet.keys('a')).toBe('Active Inactive');
    expect(fleet.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  test('a user that cannot be visited is told of when the next run cannot visit it either', async () => {
    const fleet = new Fleet({ a: 'quiet' });
    const sweepInVain = () => {
      const { ports } = fleet.process();
      const keys = { ...ports.keys, list: () => Promise.reject(new Error('IAM is away')) };
      return fleet.sweep({}, { ports: { ...ports, keys } });
    };
    await sweepInVain();
    expect(fleet.listener.told).toEqual([]);
    expect(gauge(fleet, 'UsersFailed')).toBe(1);
    fleet.pass(HOUR);
    await sweepInVain();
    expect(fleet.listener.detailsOf('Finding Began')).toEqual([
      expect.objectContaining({ kind: 'visitFailed', what: 'IAM is away' }),
    ]);
  });
});
