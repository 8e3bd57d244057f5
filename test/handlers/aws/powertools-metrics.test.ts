import { PowertoolsMetrics } from '../../../handlers/aws/powertools-metrics';
import { linesOf } from '../support/log-lines';

interface Embedded {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

function published(record: (metrics: PowertoolsMetrics) => void): readonly Embedded[] {
  const lines = linesOf(() => {
    const metrics = new PowertoolsMetrics('iam-key-rotation');
    record(metrics);
    metrics.publish();
  });
  return lines.map((line) => JSON.parse(line) as Embedded);
}

test('metrics of the stack are one line, with the stack as their only dimension', () => {
  const lines = published((metrics) => {
    metrics.record('KeysCreated', 1);
    metrics.record('RotationSeconds', 12.5);
    metrics.record('HoursOverdue', 0);
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    Stack: 'iam-key-rotation',
    KeysCreated: 1,
    RotationSeconds: 12.5,
    HoursOverdue: 0,
  });
  expect(lines[0]!._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'IamKeyRotation',
      Dimensions: [['Stack']],
      Metrics: [
        { Name: 'KeysCreated', Unit: 'Count' },
        { Name: 'RotationSeconds', Unit: 'Seconds' },
        { Name: 'HoursOverdue', Unit: 'None' },
      ],
    },
  ]);
});

test('a failed rotation counts for the stack, the step and the user', () => {
  const [line] = published((metrics) => {
    metrics.record('RotationFailed', 1, { step: 'testSecret', user: 'ci-deployer' });
  });
  expect(line).toMatchObject({
    Stack: 'iam-key-rotation',
    Step: 'testSecret',
    User: 'ci-deployer',
    RotationFailed: 1,
  });
  expect(line!._aws.CloudWatchMetrics[0]!.Dimensions).toEqual([
    ['Stack'],
    ['Stack', 'Step'],
    ['Stack', 'User'],
  ]);
});

test('a deferred rotation counts for the stack and the user', () => {
  const [line] = published((metrics) => {
    metrics.record('RotationDeferred', 1, { step: 'createSecret', user: 'ci-deployer' });
  });
  expect(line!._aws.CloudWatchMetrics[0]!.Dimensions).toEqual([['Stack'], ['Stack', 'User']]);
});

test('a gauge of one user does not count for the stack once more', () => {
  const lines = published((metrics) => {
    metrics.record('KeysHeld', 3);
    metrics.recordOfUser('a', 'KeysHeld', 1);
    metrics.recordOfUser('b', 'KeysHeld', 2);
  });
  expect(
    lines.map((line) => [line._aws.CloudWatchMetrics[0]!.Dimensions, line['User'], line['KeysHeld']]),
  ).toEqual([
    [[['Stack']], undefined, 3],
    [[['Stack', 'User']], 'a', 1],
    [[['Stack', 'User']], 'b', 2],
  ]);
});

test('a metric that is recorded several times is written several times, so that sums are right', () => {
  const lines = published((metrics) => {
    for (let times = 0; times < 120; times += 1) metrics.record('KeysDeleted', 1);
  });
  expect(lines.flatMap((line) => line['KeysDeleted'])).toHaveLength(120);
});

test('without a recorded metric nothing is written', () => {
  expect(published(() => undefined)).toEqual([]);
});

test('a published metric is not published again', () => {
  const lines = linesOf(() => {
    const metrics = new PowertoolsMetrics('iam-key-rotation');
    metrics.record('KeysCreated', 1);
    metrics.publish();
    metrics.publish();
  });
  expect(lines).toHaveLength(1);
});
