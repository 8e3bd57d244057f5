import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { terraform, type Terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

jest.setTimeout(120_000);

const EXAMPLE = join(__dirname, '../../../docs/examples/restart-ecs-service/main.tf');
const SERVICE = 'arn:aws:ecs:eu-west-1:111122223333:service/web/api';

/** A pattern of literal values alone, as EventBridge matches it. */
const matches = (pattern: object, event: object): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    const value = (event as Record<string, unknown>)[name];
    if (Array.isArray(wanted)) return wanted.includes(value);
    return typeof value === 'object' && value !== null && matches(wanted as object, value);
  });

describeWithTools('the example that restarts an ECS service when its key was promoted', () => {
  let aws: LocalAws;
  let tf: Terraform;
  let directory: string;
  const given = ['-var=user=ci-deployer', `-var=service_arn=${SERVICE}`];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'restart-ecs-service-'));
    copyFileSync(EXAMPLE, join(directory, 'main.tf'));
    aws = await startLocalAws();
    tf = terraform(directory, { env: aws.environment });
    await tf.init();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  it('applies, and has nothing left to plan', async () => {
    await tf.apply(...given);

    expect((await tf.plan(...given)).exitCode).toBe(0);
  });

  it('reacts to another current key of this user of this stack, and to nothing else', async () => {
    const pattern = JSON.parse(String((await tf.output())['event_pattern'])) as object;
    const promoted = {
      source: 'iam-key-rotation',
      'detail-type': 'Key Promoted',
      detail: { version: '1', stack: 'iam-key-rotation', user: 'ci-deployer', kind: 'rotation' },
    };
    const of = (change: Partial<(typeof promoted)['detail']>): object => ({
      ...promoted,
      detail: { ...promoted.detail, ...change },
    });

    expect(matches(pattern, promoted)).toBe(true);
    expect(matches(pattern, { ...promoted, 'detail-type': 'Key Rolled Back' })).toBe(true);
    expect(matches(pattern, { ...promoted, 'detail-type': 'Key Created' })).toBe(false);
    expect(matches(pattern, { ...promoted, source: 'aws.iam' })).toBe(false);
    expect(matches(pattern, of({ user: 'other' }))).toBe(false);
    expect(matches(pattern, of({ stack: 'other' }))).toBe(false);
    expect(matches(pattern, of({ version: '2' }))).toBe(false);
  });

  it('refuses an ARN that names no cluster', async () => {
    const { exitCode, output } = await tf.run(
      'plan',
      '-no-color',
      '-var=user=a',
      '-var=service_arn=arn:aws:ecs:x',
    );

    expect(exitCode).toBe(1);
    expect(output).toContain('The ARN of a service names its cluster');
  });
});
