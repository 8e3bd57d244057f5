import type { Account, ListedUser } from '../../../cli/adopt/account';
import type { CredentialReport, ReportedUser } from '../../../cli/adopt/credential-report';
import { survey, type SurveyOptions } from '../../../cli/adopt/survey';
import { keysToTakeOver } from '../../../cli/adopt/take-over';
import { DAY, HOUR } from '../../../contract/instant';
import type { AccessKey, LastUse } from '../../../handlers/core/model/access-key';
import { CallRefusedError } from '../../../handlers/core/model/call-errors';
import { journalWith, NOON, settingsOf } from '../../handlers/support/fixtures';
import { aKey, RULES, used } from './support/facts';

interface User {
  readonly keys?: readonly AccessKey[];
  readonly lastUse?: LastUse | undefined;
  readonly reported?: ReportedUser | 'missing';
  readonly password?: boolean;
  readonly tags?: Record<string, string>;
  readonly createdAt?: number;
}

const REPORTED_AT = NOON - HOUR;

/** An account in memory, which counts what it is asked. */
function accountWith(users: Readonly<Record<string, User>>, own: Partial<Account> = {}) {
  const asked: string[] = [];
  let [underWay, most] = [0, 0];
  const ask = async <Result>(what: string, result: Result): Promise<Result> => {
    asked.push(what);
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
    return result;
  };
  const userOf = (name: string): User => users[name] ?? {};
  const ofKey = (id: string): User =>
    Object.values(users).find(({ keys = [] }) => keys.some((key) => key.id === id)) ?? {};
  const rows = Object.entries(users).flatMap(([name, { reported, keys = [], lastUse, password = false }]) =>
    reported === 'missing'
      ? []
      : [
          [
            name,
            reported ?? {
              ...{ hasPassword: password, hasMfa: false },
              keys: keys.map((key) => ({
                isActive: key.status === 'Active',
                changedAt: key.createdAt,
                lastUse,
              })),
            },
          ] as const,
        ],
  );
  const report: CredentialReport = { generatedAt: REPORTED_AT, users: new Map(rows), root: undefined };
  const account: Account = {
    accountId: () => Promise.resolve('111122223333'),
    users: () =>
      Promise.resolve(
        Object.entries(users).map(([userName, { createdAt = NOON - 500 * DAY }]): ListedUser => ({
          ...{ userName, userId: `AIDA${userName}`, path: '/', createdAt },
        })),
      ),
    credentialReport: () => Promise.resolve(report),
    keys: {
      list: (name) => ask(`keys of ${name}`, userOf(name).keys ?? []),
      lastUsed: (id) => ask('last use', ofKey(id).lastUse),
    },
    hasPassword: (name) => ask(`password of ${name}`, userOf(name).password ?? false),
    hasMfa: (name) => ask(`MFA of ${name}`, false),
    tags: (name) => ask(`tags of ${name}`, userOf(name).tags ?? {}),
    access: () => Promise.reject(new Error('not asked for')),
    trail: { recentUses: () => ask('calls', []) },
    rotatedUsers: () => Promise.resolve(undefined),
    ...own,
  };
  return { account, asked, most: () => most };
}

const OPTIONS: SurveyOptions = { rules: RULES, prefix: 'iam-key-rotation', trail: false };

describe('a survey', () => {
  it('a survey asks for no user that the report shows without keys', async () => {
    const { account, asked } = accountWith({ nobody: {}, mailer: { keys: [aKey()], lastUse: used(1) } });

    const { findings, users } = await survey(account, OPTIONS);

    expect(users).toBe(2);
    expect(findings).toMatchObject([{ user: { userName: 'mailer' }, verdict: 'rotate' }]);
    expect(asked).toEqual(['keys of mailer', 'tags of mailer']);
  });

  it('a survey of 5,000 users asks twice for each user with a key, for sixteen users at a time', async () => {
    const users = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [
        `user-${at}`,
        at % 2 === 0 ? { keys: [aKey()], lastUse: used(1) } : {},
      ]),
    );
    const { account, asked, most } = accountWith(users);
    const seen: number[] = [];

    const { findings } = await survey(account, { ...OPTIONS, onProgress: (done) => seen.push(done) });

    expect(findings).toHaveLength(2_500);
    expect(asked).toHaveLength(5_000);
    expect(most()).toBeLessThanOrEqual(16);
    expect(seen.at(-1)).toBe(5_000);
  });

  it('a survey asks IAM itself before it says that a key is unused', async () => {
    const key = aKey();
    const stale: ReportedUser = {
      ...{ hasPassword: false, hasMfa: false },
      keys: [{ isActive: true, changedAt: key.createdAt, lastUse: undefined }],
    };
    const { account, asked } = accountWith({ mailer: { keys: [key], lastUse: used(0), reported: stale } });

    expect((await survey(account, OPTIONS)).findings).toMatchObject([
      { verdict: 'rotate', lastUse: used(0) },
    ]);
    expect(asked).toContain('last use');
  });

  it.each<[string, User]>([
    [
      'whose status was changed since',
      {
        keys: [aKey()],
        reported: {
          hasPassword: false,
          hasMfa: false,
          keys: [{ isActive: false, changedAt: NOON - DAY, lastUse: used(200) }],
        },
      },
    ],
    [
      'two of which were made in one second',
      { keys: [aKey({ createdAt: 1000 }), aKey({ createdAt: 1000 })] },
    ],
  ])('a survey does not take the use of one key for that of another: keys %s', async (_, user) => {
    const { account, asked } = accountWith({ mailer: { lastUse: used(2), ...user } });

    const { findings } = await survey(account, OPTIONS);

    expect(findings.map(({ lastUse }) => lastUse)).toEqual(user.keys?.map(() => used(2)));
    expect(asked.filter((what) => what === 'last use')).toHaveLength(user.keys?.length ?? 0);
  });

  it.each<[string, User]>([
    ['not in the report', { reported: 'missing' }],
    ['newer than the report', { createdAt: NOON, reported: { hasPassword: false, hasMfa: false, keys: [] } }],
  ])('a survey asks for everything of a user that is %s', async (_, user) => {
    const { account, asked } = accountWith({
      alice: { keys: [aKey()], lastUse: used(1), password: true, ...user },
    });

    expect((await survey(account, OPTIONS)).findings).toMatchObject([{ verdict: 'person' }]);
    expect(asked).toEqual(expect.arrayContaining(['password of alice', 'MFA of alice', 'last use']));
  });

  it('a survey without the right to the report asks for every user, and says so', async () => {
    const denied = new CallRefusedError(
      { service: 'IAM', action: 'GenerateCredentialReport' },
      'accessDenied',
      'AccessDenied',
      'not authorized to perform: iam:GenerateCredentialReport',
    );
    const { account } = accountWith(
      { alice: { keys: [aKey()], lastUse: used(1), password: true } },
      { credentialReport: () => Promise.reject(denied) },
    );

    const { findings, notes, reportedAt } = await survey(account, OPTIONS);

    expect(findings).toMatchObject([{ verdict: 'person' }]);
    expect(reportedAt).toBeUndefined();
    expect(notes[0]).toContain('iam:GenerateCredentialReport');
  });

  it('a survey reads CloudTrail only when asked, and only for keys that no fact decides', async () => {
    const users = {
      open: { keys: [aKey()], lastUse: used(1) },
      idle: { keys: [aKey()], lastUse: used(200) },
    };
    const [without, withTrail] = [accountWith(users), accountWith(users)];

    await survey(without.account, OPTIONS);
    await survey(withTrail.account, { ...OPTIONS, trail: true });

    expect(without.asked).not.toContain('calls');
    expect(withTrail.asked.filter((what) => what === 'calls')).toHaveLength(1);
  });

  it('a survey shows the keys of a rotated user as rotated, and knows which of them are not the stack’s', async () => {
    const [current, foreign] = [aKey(), aKey({ createdAt: NOON - 600 * DAY })];
    const journal = journalWith({ current: { keyId: current.id, versionId: 'v', since: NOON } });
    const { account } = accountWith(
      { mailer: { keys: [current, foreign], lastUse: used(1) } },
      {
        rotatedUsers: () =>
          Promise.resolve([
            {
              stableKey: 'mail',
              settings: settingsOf({ userName: 'mailer', userId: 'AIDAmailer' }),
              journal,
            },
          ]),
      },
    );

    const { findings } = await survey(account, OPTIONS);

    expect(findings.map(({ key, verdict, evidence }) => [key.id, verdict, evidence.length])).toEqual([
      [foreign.id, 'rotated', 2],
      [current.id, 'rotated', 1],
    ]);
  });

  describe('where keys are to be taken over', () => {
    const [made, before] = [aKey(), aKey({ createdAt: NOON - 600 * DAY })];
    const entry = (keyId: string) => ({
      stableKey: 'mail',
      settings: settingsOf({ userName: 'mailer', userId: 'AIDAmailer' }),
      journal: journalWith({ current: { keyId, versionId: 'v', since: NOON } }),
    });
    /** A rotation that the first scan did not see, and whose key is listed. */
    const surveyWith = async (second: string, isToTakeOver: boolean) => {
      let scans = 0;
      const { account, asked } = accountWith(
        { mailer: { keys: [made, before], lastUse: used(1) } },
        {
          rotatedUsers: () => {
            asked.push('table');
            scans += 1;
            return Promise.resolve([entry(scans === 1 ? before.id : second)]);
          },
        },
      );
      return { ...(await survey(account, { ...OPTIONS, isToTakeOver })), asked };
    };

    it('a key that a rotation made after the table was read is not taken for a foreign one', async () => {
      const { findings } = await surveyWith(made.id, true);

      expect(() => keysToTakeOver(findings, ['mailer'], [])).toThrow(/nothing was written: try again/i);
    });

    it('the table is read again after the keys were listed, and what is the same stays known', async () => {
      const { findings, asked } = await surveyWith(before.id, true);

      expect(asked.lastIndexOf('table')).toBeGreaterThan(asked.indexOf('keys of mailer'));
      expect([...keysToTakeOver(findings, ['mailer'], [])]).toEqual([['mailer', [made.id]]]);
    });

    it('the table is read once where nothing is taken over', async () => {
      const { asked } = await surveyWith(made.id, false);

      expect(asked.filter((what) => what === 'table')).toHaveLength(1);
    });
  });

  it('a survey does not take a user for rotated that was made again under the same name', async () => {
    const { account } = accountWith(
      { mailer: { keys: [aKey()], lastUse: used(1) } },
      {
        rotatedUsers: () =>
          Promise.resolve([
            {
              stableKey: 'mail',
              settings: settingsOf({ userName: 'mailer', userId: 'AIDAformer' }),
              journal: undefined,
            },
          ]),
      },
    );

    expect((await survey(account, OPTIONS)).findings).toMatchObject([{ verdict: 'rotate' }]);
  });

  it('a survey of some users alone says which of them are not there', async () => {
    const { account } = accountWith({
      Mailer: { keys: [aKey()], lastUse: used(1) },
      other: { keys: [aKey()] },
    });

    expect((await survey(account, { ...OPTIONS, only: new Set(['mailer']) })).findings).toHaveLength(1);
    await expect(survey(account, { ...OPTIONS, only: new Set(['mailer', 'nobody']) })).rejects.toThrow(
      'This account has no IAM user nobody.',
    );
  });

  it('a survey puts what is most urgent first, and within it the oldest key', async () => {
    const { account } = accountWith({
      ...{ ci: { keys: [aKey()], lastUse: used(1) }, idle: { keys: [aKey()], lastUse: used(99) } },
      ...{ young: { keys: [aKey({ createdAt: NOON - 9 * DAY })], lastUse: used(1) } },
      old: { keys: [aKey({ createdAt: NOON - 900 * DAY })], lastUse: used(1) },
    });

    expect((await survey(account, OPTIONS)).findings.map(({ user }) => user.userName)).toEqual([
      'idle',
      'old',
      'young',
      'ci',
    ]);
  });
});
