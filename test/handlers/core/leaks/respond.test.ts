import type { ReplaceLeakedKeyInput } from '../../../../contract/function-events';
import type { LifecycleEvent } from '../../../../contract/lifecycle-event';
import type { LeakAnswered } from '../../../../handlers/core/leaks/answer-leak';
import type { LeakReport } from '../../../../handlers/core/leaks/read-leak-report';
import { respond, type RespondPorts } from '../../../../handlers/core/leaks/respond';
import type { TableEntry } from '../../../../handlers/core/retirement/retirement-ports';
import { tellAnswer } from '../../../../handlers/core/notifications/tell-leak';
import { RetirementWorld } from '../../../support/retirement-world';

const KEY = 'AKIAMMMMMMMM1EXAMPLE';
const NEW = 'AKIAMMMMMMMM2EXAMPLE';
const REPORT: LeakReport = {
  ...{ id: 'arn:aws:health:global::event/RISK/one', code: 'AWS_RISK_IAM_QUARANTINE', isKnown: true },
  ...{ at: Date.parse('2026-01-05T00:00:00Z'), keyIds: [KEY], userNames: [] },
};

const REPLACED: LeakAnswered = {
  leaked: [{ accessKeyId: KEY, outcome: 'replaced' }],
  currentAccessKeyId: NEW,
};

async function given(answer: () => Promise<LeakAnswered> = () => Promise.resolve(REPLACED)) {
  const world = await RetirementWorld.withCurrentKey();
  const entry: TableEntry = {
    ...{ stableKey: world.retirement.stableKey, settings: world.retirement },
    journal: world.journal,
  };
  const invoked: ReplaceLeakedKeyInput[] = [];
  const sent: LifecycleEvent[] = [];
  const { ports } = world.process();
  const made: RespondPorts = {
    ...ports,
    directory: { list: () => Promise.resolve([entry]) },
    functions: {
      replaceLeakedKey(_user, input) {
        invoked.push(input);
        return answer();
      },
    },
    trail: {
      recentUses: () =>
        Promise.resolve([
          {
            ...{ at: REPORT.at + 1000, call: 's3.amazonaws.com ListBuckets', hasFailed: false },
            ...{
              principal: 'arn:aws:iam::111122223333:user/ci',
              sourceAddress: '198.51.100.7',
              userAgent: 'x',
            },
          },
        ]),
    },
    lifecycle: {
      ...ports.lifecycle,
      send: (events) => {
        sent.push(...events);
        return Promise.resolve(true);
      },
    },
  };
  const told = () => sent.map(({ detail }) => tellAnswer(detail as Parameters<typeof tellAnswer>[0]));
  return { world, ports: made, invoked, sent, told };
}

it('the function of the user whose journal names the key is invoked, and one event says what was done', async () => {
  const { ports, invoked, sent, told, world } = await given();
  await expect(respond(ports, REPORT)).resolves.toMatchObject([{ keyIdSuffix: 'MPLE', outcome: 'replaced' }]);
  expect(invoked).toEqual([
    {
      Step: 'replaceLeakedKey',
      SecretId: world.settings.secretArn,
      LeakedKeyId: KEY,
      ReportedAt: '2026-01-05T00:00:00.000Z',
    },
  ]);
  expect(JSON.stringify(sent)).not.toContain(KEY);
  const [message] = told();
  expect(message).toMatchObject({ kind: 'keyLeaked', user: world.retirement.stableKey, keyIdSuffix: 'MPLE' });
  expect(message!.what).toContain('It is Inactive. The new key ...MPLE is current');
  expect(message!.what).toContain('AWSCompromisedKeyQuarantine');
  expect(message!.what).toContain(
    's3.amazonaws.com ListBuckets by arn:aws:iam::111122223333:user/ci from 198.51.100.7',
  );
});

it('a key that no journal names is told, and no function is invoked (R4)', async () => {
  const { ports, invoked, told } = await given();
  await respond(ports, { ...REPORT, keyIds: ['AKIAOTHERSEXAMPLE'] });
  expect(invoked).toEqual([]);
  expect(told()).toMatchObject([{ kind: 'leakReported', user: undefined, keyIdSuffix: 'MPLE' }]);
});

it('a code that is not known is told, and starts nothing', async () => {
  const { ports, invoked, told } = await given();
  await respond(ports, { ...REPORT, isKnown: false });
  expect(invoked).toEqual([]);
  expect(told()[0]!.what).toContain('does not know that word');
});

it('a user is found by its name, in upper or in lower case', async () => {
  const { ports, invoked, world } = await given();
  const userNames = [world.settings.userName.toUpperCase()];
  await respond(ports, { ...REPORT, keyIds: [], userNames });
  expect(invoked).toMatchObject([{ LeakedKeyId: undefined }]);
});

it('a report that names nothing is told', async () => {
  const { ports, told } = await given();
  await respond(ports, { ...REPORT, keyIds: [] });
  expect(told()).toMatchObject([{ kind: 'leakReported', user: undefined }]);
});

it('a function that fails is told at once, and the event comes again', async () => {
  const { ports, told } = await given(() => Promise.reject(new Error('no slot')));
  await expect(respond(ports, REPORT)).rejects.toThrow('no slot');
  expect(told()).toMatchObject([{ kind: 'leakReported' }]);
  expect(told()[0]!.what).toContain('is tried again');
});

it('an event that the bus does not take fails the invocation: rather twice than never', async () => {
  const { ports } = await given();
  const lifecycle = { ...ports.lifecycle, send: () => Promise.resolve(false) };
  await expect(respond({ ...ports, lifecycle }, REPORT)).rejects.toThrow('could not be told');
});

it('without an answer of CloudTrail the rest is told', async () => {
  const { ports, told } = await given();
  const trail = { recentUses: () => Promise.reject(new Error('throttled')) };
  await respond({ ...ports, trail }, REPORT);
  expect(told()).toMatchObject([{ kind: 'keyLeaked' }]);
  expect(told()[0]!.what).toContain('Who used the key since then could not be looked up.');
});

describe('a drill', () => {
  const DRILL: LeakReport = { ...REPORT, id: 'event-1', code: 'DRILL', drill: true };

  it('of the user for drills goes the way of a leak, and people read that it is a drill', async () => {
    const { ports, invoked, sent, told, world } = await given();
    const user = world.retirement.stableKey;
    await expect(respond(ports, DRILL, user)).resolves.toMatchObject([{ outcome: 'replaced' }]);
    expect(invoked).toMatchObject([{ LeakedKeyId: KEY, Drill: true }]);
    expect(sent).toMatchObject([{ detail: { drill: true, code: 'DRILL', reportId: 'event-1' } }]);
    const [message] = told();
    expect(message).toMatchObject({ kind: 'keyLeaked', user, keyIdSuffix: 'MPLE', drill: true });
    expect(message!.what).toContain('This is a drill');
    expect(message!.what).not.toMatch(/AWS reports|AWSCompromisedKeyQuarantine/);
  });

  it.each([['another user'], [undefined]])(
    'of a user, where %s is for drills, invokes no function, and is told apart from a leak of the key',
    async (drillUser) => {
      const { ports, invoked, told } = await given();
      await expect(respond(ports, DRILL, drillUser)).resolves.toMatchObject([{ outcome: 'notForDrills' }]);
      expect(invoked).toEqual([]);
      const [message] = told();
      expect(message).toMatchObject({ kind: 'leakReported', drill: true });
      expect(message!.what).toContain('(leakDrill), so nothing was changed');
      expect(message).not.toHaveProperty('keyIdSuffix');
      expect(message!.report).toMatch(/^[0-9a-f]{16}$/);
    },
  );

  it('of a key that no journal names is told, and invokes no function', async () => {
    const { ports, invoked, told, world } = await given();
    await respond(ports, { ...DRILL, keyIds: ['AKIAOTHERSEXAMPLE'] }, world.retirement.stableKey);
    expect(invoked).toEqual([]);
    expect(told()).toMatchObject([{ kind: 'leakReported', drill: true }]);
  });

  it('changes nothing of what a report of AWS may do', async () => {
    const { ports, invoked } = await given();
    await respond(ports, REPORT, 'another user');
    expect(invoked).toHaveLength(1);
    expect(invoked[0]!.Drill).toBeUndefined();
  });
});
