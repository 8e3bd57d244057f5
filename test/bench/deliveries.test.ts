import { runDeliveries } from '../../bench/support/delivery-run';

const USERS = 3;

/*
 * For each delivery: what is asked and written at the table, and what the kind itself takes. The events go together.
 * Linux alone says what a process has used.
 */
(process.platform === 'linux' ? it : it.skip).each([
  ['secret', { DynamoDB: 10, 'Secrets Manager': 3, 'outside AWS': 0 }],
  ['parameter', { DynamoDB: 10, 'Secrets Manager': 1, 'Systems Manager': 1, 'outside AWS': 0 }],
  ['restart', { DynamoDB: 11, 'Secrets Manager': 1, ECS: 3, 'outside AWS': 0 }],
  ['githubActions', { DynamoDB: 10, 'Secrets Manager': 2, 'outside AWS': 3 }],
  ['https', { DynamoDB: 10, 'Secrets Manager': 2, 'outside AWS': 1 }],
] as const)(
  'a run of the delivery function brings each user’s key to its target: %s',
  async (kind, calls) => {
    const { DynamoDB: atTable, ...found } = (await runDeliveries(kind, { users: USERS })).calls;
    const { DynamoDB: usual, ...others } = calls;
    const perUser = Object.entries(others).map(([service, count]) => [service, count * USERS]);
    expect(found).toEqual({ ...Object.fromEntries(perUser), EventBridge: 1 });
    // The table is read once at the begin of the run; on a slow machine leases are renewed, too.
    expect(atTable).toBeGreaterThanOrEqual(usual * USERS + 1);
  },
);
