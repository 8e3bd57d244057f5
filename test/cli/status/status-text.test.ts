import { describeUser } from '../../../cli/status/describe-users';
import { type StatusDocument, statusDocument } from '../../../cli/status/status-document';
import { statusLines, userLines } from '../../../cli/status/status-text';
import type { Line } from '../../../cli/print';
import { DAY, HOUR } from '../../../contract/instant';
import { deliverUser } from '../../../handlers/core/delivery/deliver-user';
import { overviewOf } from '../../../handlers/core/operator/overview';
import type { TableEntry } from '../../../handlers/core/retirement/retirement-ports';
import type { AllPorts } from '../../support/in-memory-aws/in-memory-ports';
import { RetirementWorld } from '../../support/retirement-world';

const STACK = 'iam-key-rotation';
const textOf = (line: Line): string =>
  typeof line === 'string'
    ? line
    : line.map((part) => (typeof part === 'string' ? part : part.text)).join('');

async function documentOf(world: RetirementWorld, entry: Partial<TableEntry> = {}): Promise<StatusDocument> {
  const { stableKey } = world.retirement;
  const table = { stableKey, settings: world.retirement, journal: world.journal, ...entry };
  const overview = await overviewOf(world.process().ports, table, { stack: STACK, askAws: true });
  return statusDocument.parse({
    version: 1,
    stack: STACK,
    region: 'eu-west-1',
    at: new Date(world.now).toISOString(),
    source: 'aws',
    users: [describeUser(overview, { prefix: STACK, now: world.now })],
  });
}

describe('the state of a stack, in lines', () => {
  it('says of a user in a line how old its key is and what becomes of the other one', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * HOUR);
    const document = await documentOf(world);
    const text = statusLines(document).map(textOf).join('\n');
    expect(text).toMatch(/\n\S+ +…\w{4} +2 h of 90 d /);
    expect(text).toMatch(/…\w{4} in overlap, deactivate in \d+ h/);
    expect(text).toContain('1 user. Nothing needs attention.');
  });

  it('says what needs attention, and first what is critical', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.setStatusByHand(world.servedKeyId!, 'Inactive');
    world.setStatusByHand(world.previous.keyId, 'Active');
    world.pass(HOUR);

    const document = await documentOf(world);

    const severities = document.users[0]!.findings.map(({ severity }) => severity);
    expect(severities[0]).toBe('critical');
    expect(severities).toEqual(severities.toSorted());
    expect(document.users[0]!.attention).toBe('critical');
    expect(statusLines(document).map(textOf).at(-1)).toBe(
      '1 user, 1 critical. One of them: npx iam-key-rotation status <user>',
    );
  });

  it('says of each target which key it has, and why it has not the current one', async () => {
    const world = await RetirementWorld.afterRotation({
      deliver: [
        { kind: 'parameter', name: '/payments/aws-key' },
        { kind: 'secret', id: 'payments/env', fields: { KEY: 'AccessKeyId' } },
      ],
    });
    world.aws.targets.refuse('secret payments/env', 'accessDenied');
    await deliverUser(world.process().ports as AllPorts, world.retirement);
    world.pass(HOUR);
    const document = await documentOf(world);
    expect(document.users[0]!.targets).toMatchObject([
      { target: 'parameter /payments/aws-key', isCurrent: true, delivered: { keyId: world.servedKeyId } },
      { target: 'secret payments/env', isCurrent: false, failing: { attempts: 1 } },
    ]);
    const text = userLines(document.users[0]!, document).map(textOf).join('\n');
    expect(text).toMatch(/parameter \/payments\/aws-key +…\w{4} +1 h ago +has the current key/);
    expect(text).toMatch(/secret payments\/env +- +- +failed once since 1 h ago: .*AccessDeniedException/);
  });

  it('says of a previous key that it waits for an acknowledgement: before its overlap is over, and since when after that', async () => {
    const world = await RetirementWorld.afterRotation({
      acknowledgement: { by: 'command', remindAfterSeconds: 259_200, atMaximumKeyAge: 'hold' },
    });
    const keyOf = ({ users }: StatusDocument) => users[0]!.keys[1]!;
    const textFor = (document: StatusDocument): string =>
      [...statusLines(document), ...userLines(document.users[0]!, document)].map(textOf).join('\n');
    world.pass(2 * HOUR);
    const within = await documentOf(world);
    expect(keyOf(within).nextStep).toMatchObject({ what: 'deactivate', waitsFor: 'acknowledgement' });
    expect(textFor(within)).toMatch(/in overlap, deactivate in \d+ h once acknowledged/);
    expect(textFor(within)).toMatch(/deactivate from .*, once the current key is acknowledged/);

    world.pass(DAY);
    await world.sweepUser();
    world.pass(HOUR);
    const after = await documentOf(world);
    const since = new Date(world.previous.replacedAt + DAY).toISOString();
    expect(keyOf(after).hold).toMatchObject({
      cause: 'notAcknowledged',
      since: new Date(world.previous.hold!.since).toISOString(),
    });
    expect(textFor(after)).toContain(
      `held: Waits since ${since} for an acknowledgement of the current key ${world.servedKeyId}`,
    );
    expect(after.users[0]!.attention).toBe('none');

    world.aws.table.acknowledge(world.retirement.stableKey, world.servedKeyId!, world.now);
    const acknowledged = await documentOf(world);
    expect(keyOf(acknowledged).hold).toBeUndefined();
    expect(keyOf(acknowledged).nextStep).not.toHaveProperty('waitsFor');
  });

  it('says of a service since when it is being restarted, and why it does not come up', async () => {
    const ecsService = 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api';
    const name = 'ECS service payments/api';
    const world = await RetirementWorld.afterRotation({ deliver: [{ kind: 'restart', ecsService }] });
    const deliver = () => deliverUser(world.process().ports as AllPorts, world.retirement);
    const stateOfService = async (): Promise<string> => {
      const { users, at } = await documentOf(world);
      const lines = userLines(users[0]!, { at, source: 'aws' }).map(textOf);
      return lines.find((line) => line.startsWith(name))!;
    };
    expect(await stateOfService()).toMatch(/ - +- +gets the current key within the hour/);

    world.pass(HOUR);
    world.aws.services.deploy(name, world.now, 3 * HOUR);
    await deliver();
    world.pass(HOUR);
    await deliver();
    expect(await stateOfService()).toMatch(/ - +- +restarting since 1 h ago/);

    world.aws.services.break(name, 'noTasks');
    world.aws.services.deploy(name, world.now, 1);
    await deliver();
    expect(await stateOfService()).toMatch(/ - +- +failed once since .* did not come up/);
    world.aws.services.break(name, undefined);
    world.pass(HOUR);
    for (let run = 0; run < 2; run += 1) {
      await deliver();
      world.pass(HOUR);
    }
    expect(await stateOfService()).toMatch(/…\w{4} +\d h ago +has the current key/);
  });

  it('says of one user what the journal tells, oldest first', async () => {
    const world = await RetirementWorld.afterDeactivation();
    const { users, at } = await documentOf(world);
    const text = userLines(users[0]!, { at, source: 'aws' }).map(textOf).join('\n');
    const told = ['was replaced; its overlap began', 'was deactivated', 'became current'];
    for (const what of told) expect(text).toContain(what);
    expect(users[0]!.history.map(({ at: moment }) => moment)).toEqual(
      users[0]!.history.map(({ at: moment }) => moment).toSorted(),
    );
    expect(text).toMatch(/previous +Inactive .* delete from /);
  });

  it('is a fault of its own where a user cannot be looked at, or has no key yet', async () => {
    const world = await RetirementWorld.afterRotation();
    const broken = await documentOf(world, { journal: new Error('the journal does not parse') });
    expect(broken.users[0]).toMatchObject({
      findings: [{ kind: 'visitFailed', what: 'the journal does not parse' }],
    });
    const none = await documentOf(world, { journal: undefined });
    expect(none.users[0]!.findings).toMatchObject([{ kind: 'unknownState' }]);
  });

  it('shows an exemption with its end, and as nothing that needs attention', async () => {
    const world = await RetirementWorld.afterRotation();
    const exemption = { reason: 'new gateway', until: world.now + 30 * DAY };
    const document = await documentOf(world, { settings: { ...world.retirement, exemption } });
    expect(statusLines(document).map(textOf).join('\n')).toContain('exempted until ');
    expect(document.users[0]!.attention).toBe('none');
    const text = userLines(document.users[0]!, document).map(textOf).join('\n');
    expect(text).toContain('(in 29 d): new gateway');
  });

  it('of a stack without users says so', () => {
    const empty = {
      version: 1,
      stack: 's',
      region: 'r',
      at: '2026-01-01T00:00:00Z',
      source: 'aws',
      users: [],
    } as const;
    expect(statusLines({ ...empty, users: [] })).toEqual(['Stack s in r has no users.']);
  });
});
