import { QuotaGate } from '../../bench/support/quota-gate';
import { busiestSecond, rotateAtOnce } from '../../bench/support/rotations-at-once';
import {
  mostOnOneDayOfRate,
  rotationsByDay,
  spreadOf,
  stableKeys,
} from '../../bench/support/schedule-spread';
import { VirtualTime } from '../../bench/support/virtual-time';
import { WitnessOfRotations } from '../../bench/support/witness-of-rotations';
import { SECOND } from '../../contract/instant';
import type { AwsEvent } from '../support/in-memory-aws/events';
import { call } from '../support/in-memory-aws/refusals';
import { NOON } from '../handlers/support/fixtures';

describe('rotations that are due at once', () => {
  it('all end current and break no rule, also where IAM refuses most of their calls', async () => {
    const figures = await rotateAtOnce({ users: 25, begin: 'in one second', iamCallsPerSecond: 2 });
    expect(figures).toMatchObject({ lost: 0, brokenRules: [] });
    expect(figures.throttledIamCalls).toBeGreaterThan(0);
    expect(figures.begunAgain).toBeGreaterThan(0);
  });

  it('each writes to Secrets Manager three times', async () => {
    const figures = await rotateAtOnce({ users: 3, begin: 'over the minute', iamCallsPerSecond: 50 });
    expect(figures).toMatchObject({ writes: 9, iamCalls: 9, failedTries: 0, lost: 0 });
  });

  it('the busiest second is any second, not one of the clock', () => {
    expect(busiestSecond([0, 900, 1_100, 1_899, 1_901, 5_000])).toBe(3);
    expect(busiestSecond([])).toBe(0);
  });
});

describe('a write that Secrets Manager throttles', () => {
  const gateWith = (time: VirtualTime, burst: number): QuotaGate =>
    new QuotaGate(time, {
      iam: { perSecond: 100, burst: 100 },
      secretsManagerWrites: { perSecond: 1, burst },
    });
  const put = { name: call.putSecretValue, about: '', mutates: true };

  it('is sent again later, and is performed once', async () => {
    const time = new VirtualTime(NOON);
    const gate = gateWith(time, 1);
    let performed = 0;
    const both = [put, { ...put, name: call.updateSecretVersionStage }].map((site) =>
      gate.pass(site, () => (performed += 1)),
    );
    await time.passUntil(Promise.all(both));
    expect(performed).toBe(2);
    expect(gate.throttledWrites).toBeGreaterThan(0);
    expect(gate.writes).toHaveLength(2 + gate.throttledWrites);
  });

  it('is unclear to the product where the SDK has sent it three times in vain', async () => {
    const time = new VirtualTime(NOON);
    const vain = gateWith(time, 0).pass(put, () => undefined);
    await expect(time.passUntil(vain)).rejects.toThrow(/TimeoutError|no answer/i);
  });
});

describe('the witness of rotations', () => {
  const doer = { by: 'person' } as const;
  const identity = {
    accountId: '111122223333',
    userId: 'AIDAEXAMPLE',
    arn: 'arn:aws:iam::111122223333:user/a',
  };
  const [keyId, secretArn] = [
    'AKIANEWEXAMPLE',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf',
  ];
  const created: AwsEvent = { what: 'keyCreated', at: NOON, doer, keyId };
  const probed: AwsEvent = { what: 'probed', at: NOON, doer, keyId, identity };
  const stored: AwsEvent = {
    ...{ what: 'valuePut', at: NOON, doer, secretArn, versionId: 'new' },
    text: JSON.stringify({ AccessKeyId: keyId }),
  };
  const promoted: AwsEvent = {
    ...{ what: 'labelsMoved', at: NOON + SECOND, doer, secretArn },
    ...{ was: { AWSCURRENT: 'old' }, is: { AWSCURRENT: 'new' } },
  };
  const changed: AwsEvent = {
    ...{ what: 'keyChanged', at: NOON, doer, keyId },
    ...{ was: 'Active', is: 'Inactive' },
  };
  const seeing = (...events: readonly AwsEvent[]): readonly string[] => {
    const witness = new WitnessOfRotations();
    witness.begin();
    for (const event of events) witness.see(event);
    return [...witness.broken, ...witness.leftBehind];
  };

  it.each<[string, readonly AwsEvent[], RegExp]>([
    ['a key that became current unproved', [created, stored, probed, promoted], /after 1 proofs \(R2\)/],
    [
      'a key that became current Inactive',
      [created, stored, changed, promoted],
      /serves a key that is Inactive \(R1\)/,
    ],
    [
      'a current key that was deactivated',
      [created, stored, probed, probed, probed, promoted, changed],
      /became Inactive \(R1, R3\)/,
    ],
    ['a key that was left behind', [created, stored], /left behind \(R5\)/],
  ])('tells of %s', (_, events, told) => {
    expect(seeing(...events)[0]).toMatch(told);
  });

  it('has nothing to tell of a rotation as it should be', () => {
    expect(seeing(created, stored, probed, probed, probed, promoted)).toEqual([]);
  });
});

describe('the default schedules of many users', () => {
  const days = rotationsByDay(stableKeys(500));

  it('every user is due once in two months, and nobody on a day that a month may lack', () => {
    expect(days.reduce((sum, due) => sum + due, 0)).toBe(500);
    for (const last of [28, 29, 30]) expect([days[last], days[31 + last]]).toEqual([0, 0]);
  });

  it('so many users in the same window that they keep to 50 writes a second even if all begin at once', () => {
    const { mostInOneWindow, meanOfADay, mostOnOneDay } = spreadOf(stableKeys(5_000));
    expect(mostInOneWindow).toBeLessThanOrEqual(16);
    expect(mostOnOneDay / meanOfADay).toBeLessThan(1.5);
  });

  it('rotateEvery spreads users that were made together over a tenth of the interval', () => {
    // 54 to 60 days: seven intervals.
    expect(mostOnOneDayOfRate(stableKeys(700), '60d')).toBeLessThan(150);
  });
});
