import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { reportDocument, type ReportDocument } from '../../../cli/report/report-document';
import { DAY, HOUR, SECOND } from '../../../contract/instant';
import type { LocalAws } from '../../../sandbox/local-aws';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const USERS = ['ci-deployer', 'mailer', 'reports'] as const;
const REASON = '<img src=x onerror=alert(1)> until the partner is ready';
const AGENT = '<script>alert(1)</script>';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the report of a stack in which something happened', () => {
  let stage: Stage;
  let aws: LocalAws;
  let folder: string;
  /** The id of a key that somebody else made. */
  let byHand: string;
  let document: ReportDocument;
  let page: string;
  let csv: string;
  let madeWith: { readonly exitCode: number | null; readonly stderr: string; readonly calls: number };
  let activeKeys: readonly { readonly user: string; readonly id: string; readonly createdAt: number }[];

  beforeAll(async () => {
    stage = await Stage.open();
    ({ aws } = stage);
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    await stage.stack.apply(
      aStack([
        aUser('ci-deployer', { owner: '=HYPERLINK("x")', maximumKeyAgeSeconds: (20 * DAY) / SECOND }),
        aUser('mailer', {
          exemption: { reason: REASON, until: new Date(stage.now() + 200 * DAY).toISOString() },
        }),
        aUser('reports'),
      ]),
    );
    stage.goTo(stage.now() + 2 * DAY);
    await stage.rotateAway('ci-deployer');
    stage.goTo(stage.now() + 2 * DAY);
    await stage.sweep();
    stage.goTo(stage.now() + 8 * DAY);
    await stage.sweep();
    const permit = await stage.account.deny('iam-key-rotation-reports', 'iam:ListAccessKeys');
    await stage.rotate('reports');
    await permit();
    stage.goTo(stage.now() + HOUR);
    byHand = (await stage.account.createKey('mailer')).AccessKeyId;
    const other = new SecretsManagerClient({ ...aws.clientConfig(), customUserAgent: [[AGENT]] });
    const SecretId = 'iam-key-rotation/reports';
    await other.send(new GetSecretValueCommand({ SecretId }));
    const noSuch = new GetSecretValueCommand({ SecretId, VersionId: randomUUID() });
    await expect(other.send(noSuch)).rejects.toThrow();
    // Long enough for the key of ci-deployer to be too old.
    stage.goTo(stage.now() + 15 * DAY);
    await stage.sweep();

    activeKeys = (await Promise.all(USERS.map(activeKeysOf))).flat();
    const calls = aws.calls().length;
    const html = join(folder, 'report.html');
    const made = await stage.command('report', '--json', '--html', html, '--csv', join(folder, 'report.csv'));
    madeWith = { exitCode: made.exitCode, stderr: made.stderr, calls };
    document = reportDocument.parse(JSON.parse(made.stdout));
    page = readFileSync(html, 'utf8');
    csv = readFileSync(join(folder, 'report.csv'), 'utf8');
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function activeKeysOf(user: string) {
    const { AccessKeyMetadata = [] } = await stage.account.iam.send(
      new ListAccessKeysCommand({ UserName: user }),
    );
    return AccessKeyMetadata.filter(({ Status }) => Status === 'Active').map((key) => ({
      ...{ user, id: key.AccessKeyId!, createdAt: key.CreateDate!.getTime() },
    }));
  }

  it('is written, says where, and says that nothing stood in the way', () => {
    expect(madeWith.exitCode).toBe(0);
    expect(madeWith.stderr).toContain(`Written: ${join(folder, 'report.html')}`);
    expect(document.unseen.filter(({ when }) => when === 'thisTime')).toEqual([]);
  });

  it('only reads', () => {
    // The functions of the stack go on with what the last run of the sweep set off.
    const made = aws
      .calls()
      .slice(madeWith.calls)
      // The stage's authorizer reads the policies of a topic, with the same credentials.
      .filter(({ principal, service }) => principal?.type === 'admin' && service !== 'sns');
    expect(made.length).toBeGreaterThan(10);
    const actions = new Set(made.map(({ action }) => action));
    expect([...actions].sort()).toEqual([
      'DescribeSecret',
      'GetAccessKeyLastUsed',
      'GetCallerIdentity',
      'GetItem',
      'ListAccessKeys',
      'LookupEvents',
      'Scan',
    ]);
  });

  /*
   * From here on each number is counted again, from what the local AWS recorded itself. Nothing of cli/report is used.
   */

  it('has the age of every active key that IAM lists', () => {
    const madeAt = Date.parse(document.madeAt);
    const expected = activeKeys.map(({ user, id, createdAt }) => ({
      ...{ user, id, age: Math.floor((madeAt - createdAt) / SECOND) },
    }));
    const told = document.keys
      .filter(({ status }) => status === 'Active')
      .map(({ user, keyId, ageSeconds }) => ({ user, id: keyId, age: ageSeconds }));
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    expect(expected.length).toBeGreaterThan(3);
    expect(told.toSorted(byId)).toEqual(expected.toSorted(byId));
    expect(document.numbers.activeKeys).toBe(expected.length);

    const limits: Readonly<Record<string, number>> = { 'ci-deployer': 20, mailer: 90, reports: 90 };
    const tooOld = expected.filter(({ user, age }) => age * SECOND > limits[user]! * DAY);
    expect(tooOld.map(({ user }) => user)).toContain('ci-deployer');
    expect(document.keys.filter(({ verdict }) => verdict === 'over').map(({ keyId }) => keyId)).toEqual(
      expect.arrayContaining(tooOld.map(({ id }) => id)),
    );
    expect(document.numbers.overAge).toBe(tooOld.length);
  });

  it('has every rotation that Secrets Manager reported, with its times', () => {
    const events = aws.events();
    const succeeded = events.filter(({ eventName }) => eventName === 'RotationSucceeded');
    const failed = events.filter(({ eventName }) => eventName === 'RotationFailed');
    const times = (wanted: string): string[] =>
      document.rotations
        .filter(({ result }) => result === wanted)
        .map(({ endedAt }) => String(endedAt).replace('.000Z', 'Z'))
        .sort();
    expect(succeeded.length).toBeGreaterThan(0);
    expect(times('succeeded')).toEqual(succeeded.map(({ eventTime }) => eventTime).sort());
    expect(document.rotations.every(({ startedAt }) => startedAt !== undefined)).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    expect(document.rotations.reduce((all, { failures }) => all + failures, 0)).toBe(failed.length);
    expect(document.rotations.find(({ user }) => user === 'reports')).toMatchObject({ result: 'failed' });
    expect(document.numbers).toMatchObject({
      rotationsSucceeded: succeeded.length,
      rotationsFailed: 1,
      rotationsWithoutEnd: 0,
    });
  });

  it('has every call on a key of a rotated user, with who made it', () => {
    const calls = aws
      .calls()
      .slice(0, madeWith.calls)
      .filter(({ service, status, action, parameters }) => {
        const isOfUs = USERS.some((user) => user === parameters['UserName']);
        return service === 'iam' && status === 200 && isOfUs && action.endsWith('AccessKey');
      });
    const count = (wanted: string): number => calls.filter(({ action }) => action === wanted).length;
    expect(count('CreateAccessKey')).toBeGreaterThan(4);
    expect(count('DeleteAccessKey')).toBeGreaterThan(0);
    expect(document.numbers).toMatchObject({
      keysCreated: count('CreateAccessKey'),
      keysDeactivated: calls.filter(
        ({ action, parameters }) => action === 'UpdateAccessKey' && parameters['Status'] === 'Inactive',
      ).length,
      keysDeleted: count('DeleteAccessKey'),
    });
    const made = calls.findLast(
      ({ action, parameters }) => action === 'CreateAccessKey' && parameters['UserName'] === 'mailer',
    )!;
    expect(document.keyActs).toContainEqual({
      ...{ user: 'mailer', act: 'created', by: made.principal!.callerArn, keyId: byHand },
      at: `${made.time.toISOString().slice(0, 19)}.000Z`,
    });
  });

  it('has every read of a secret, by whom and how often', () => {
    const reads = aws
      .calls()
      .slice(0, madeWith.calls)
      .filter(({ service, action, parameters }) => {
        const secret = String(parameters['SecretId']);
        const isOfUs = USERS.some((user) => secret.includes(`iam-key-rotation/${user}`));
        return service === 'secretsmanager' && action === 'GetSecretValue' && isOfUs;
      });
    const answered = reads.filter(({ status }) => status === 200);
    expect(answered.length).toBeGreaterThan(1);
    expect(reads.length).toBeGreaterThan(answered.length);
    expect(document.numbers).toMatchObject({
      reads: answered.length,
      readsRefused: reads.length - answered.length,
      readers: new Set(reads.map(({ principal }) => principal?.arn)).size,
    });
  });

  it('has the exemption with its reason, and the faults that status shows', async () => {
    expect(document.exemptions).toMatchObject([{ user: 'mailer', reason: REASON }]);
    const { stdout } = await stage.command('status', '--json');
    const { users } = JSON.parse(stdout) as { users: { user: string; findings: { kind: string }[] }[] };
    const open = users.flatMap(({ user, findings }) => findings.map(({ kind }) => `${user} ${kind}`));
    const told = document.faults.filter(({ endedAt }) => endedAt === undefined);
    expect(told.map(({ user, kind }) => `${user} ${kind}`).sort()).toEqual(open.sort());
    expect(document.numbers.faultsOpen).toBe(open.length);
  });

  it('has text of others in the page as text', () => {
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62; until the partner is ready');
    expect(page).not.toMatch(/<(script|img)/i);
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).not.toMatch(/(^|,)"?=/m);
  });

  it('does not write over a file, unless it is told to, and leaves nothing else behind', async () => {
    const html = join(folder, 'report.html');
    writeFileSync(html, 'mine');
    const refused = await stage.command('report', '--html', html);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--force') as string });
    expect(readFileSync(html, 'utf8')).toBe('mine');

    expect((await stage.command('report', '--html', html, '--force')).exitCode).toBe(0);
    expect(readFileSync(html, 'utf8')).toContain('<!doctype html>');
    expect(readdirSync(folder).sort()).toEqual(['report.csv', 'report.html']);
  });

  it('says what could not be seen where CloudTrail does not answer', async () => {
    const fault = aws.inject({
      match: { service: 'cloudtrail', action: 'LookupEvents' },
      fault: {
        kind: 'refuse',
        code: 'AccessDeniedException',
        message: 'not authorized to perform: cloudtrail:LookupEvents',
        status: 400,
      },
      times: Infinity,
    });
    const { stdout, exitCode } = await stage.command('report', '--json');
    fault.remove();
    const blind = reportDocument.parse(JSON.parse(stdout));
    expect(exitCode).toBe(0);
    expect(blind.numbers.unseen).toBe(8);
    expect(blind.unseen[0]).toMatchObject({
      when: 'thisTime',
      what: expect.stringContaining('RotationStarted') as string,
    });
  });
});
