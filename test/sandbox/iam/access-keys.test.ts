import { SandboxClock } from '../../../sandbox/clock';
import { AccessKeys, type AccessKeyTiming } from '../../../sandbox/iam/access-keys';

const USER = { userId: 'AIDAEXAMPLE', userName: 'ci', arn: 'arn:aws:iam::111122223333:user/ci' };
const HOUR_MS = 3_600_000;

function keysWith(timing: Partial<AccessKeyTiming>) {
  const clock = new SandboxClock();
  const keys = new AccessKeys(clock, {
    propagation: { delaySeconds: 0, flapping: false },
    ...{ revocationDelaySeconds: 0, lastUsedLagSeconds: 0 },
    ...timing,
  });
  return { clock, keys };
}

describe('a new key', () => {
  test('a new key is unknown until it has propagated', () => {
    const { clock, keys } = keysWith({ propagation: { delaySeconds: 600, flapping: false } });
    const { id } = keys.create(USER);
    expect(Array.from({ length: 10 }, () => keys.findAccepted(id))).not.toContainEqual(expect.anything());
    clock.shiftMs = 600_000;
    expect(keys.findAccepted(id)).toBeDefined();
  });

  test('a new key comes and goes while it propagates, never twice in a row', () => {
    const { keys } = keysWith({ propagation: { delaySeconds: 600, flapping: true } });
    const { id } = keys.create(USER);
    const looks = Array.from({ length: 9 }, () => keys.findAccepted(id) !== undefined);
    expect(looks).toEqual([false, true, false, false, true, false, false, true, false]);
  });
});

describe('a key that was deactivated or deleted', () => {
  test('a key that was deactivated or deleted is refused at once', () => {
    const { keys } = keysWith({});
    const [inactive, deleted] = [keys.create(USER), keys.create(USER)];
    keys.setStatus(inactive, 'Inactive');
    keys.delete(deleted);
    expect(keys.findAccepted(inactive.id)).toBeUndefined();
    expect(keys.findAccepted(deleted.id)).toBeUndefined();
    expect(keys.ofUser(USER.userId)).toEqual([inactive]);
  });

  test('a key that was deactivated can be made to work for some seconds more', () => {
    const { clock, keys } = keysWith({ revocationDelaySeconds: 600 });
    const key = keys.create(USER);
    keys.delete(key);
    expect(keys.findAccepted(key.id)).toBe(key);
    clock.shiftMs = 600_000;
    expect(keys.findAccepted(key.id)).toBeUndefined();
  });

  test('an inactive key does not work any longer because it is deleted', () => {
    const { clock, keys } = keysWith({ revocationDelaySeconds: 600 });
    const key = keys.create(USER);
    keys.setStatus(key, 'Inactive');
    clock.shiftMs = 600_000;
    keys.delete(key);
    expect(keys.findAccepted(key.id)).toBeUndefined();
  });

  test('a deactivated key works again when it is activated', () => {
    const { keys } = keysWith({});
    const key = keys.create(USER);
    keys.setStatus(key, 'Inactive');
    keys.setStatus(key, 'Active');
    expect(keys.findAccepted(key.id)).toBe(key);
  });
});

test('the last use is known only after the lag of the reporting', () => {
  const { clock, keys } = keysWith({ lastUsedLagSeconds: 4 * 3600 });
  const key = keys.create(USER);
  keys.recordUse(key, 's3', 'eu-west-1');
  expect(keys.lastKnownUse(key)).toBeUndefined();
  clock.shiftMs = 4 * HOUR_MS;
  keys.recordUse(key, 'sts', 'eu-west-1');
  expect(keys.lastKnownUse(key)?.service).toBe('s3');
});

test('a shifted clock dates what happens after the shift', () => {
  const { clock, keys } = keysWith({});
  const before = keys.create(USER).createdAt.getTime();
  clock.shiftMs = 24 * HOUR_MS;
  expect(keys.create(USER).createdAt.getTime() - before).toBeGreaterThanOrEqual(24 * HOUR_MS);
});

test('of the uses of a key those are forgotten that no reporting tells any more', () => {
  const { clock, keys } = keysWith({ lastUsedLagSeconds: 4 * 3600 });
  const key = keys.create(USER);
  for (const service of ['iam', 's3', 'sts']) {
    keys.recordUse(key, service, 'eu-west-1');
    clock.shiftMs += 4 * HOUR_MS;
  }
  expect(key.uses.map(({ service }) => service)).toEqual(['s3', 'sts']);
  expect(keys.lastKnownUse(key)?.service).toBe('sts');
});

test('a deleted key is forgotten when no service accepts it any more', () => {
  const { clock, keys } = keysWith({ revocationDelaySeconds: 600 });
  const key = keys.create(USER);
  keys.delete(key);
  keys.create(USER);
  expect(keys.findAccepted(key.id)).toBe(key);
  clock.shiftMs = 600_000;
  keys.create(USER);
  clock.shiftMs = 0;
  expect(keys.findAccepted(key.id)).toBeUndefined();
});
