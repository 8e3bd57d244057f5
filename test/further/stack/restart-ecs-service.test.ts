import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const EXAMPLE = join(__dirname, '../../../docs/examples/restart-ecs-service/main.tf');

describeWithTools('the example that restarts an ECS service when its key was promoted', () => {
  it('is valid with the provider that is here', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'restart-ecs-service-'));
    try {
      copyFileSync(EXAMPLE, join(directory, 'main.tf'));
      const example = terraform(directory);
      await example.init();

      await expect(example.validate()).resolves.toBeUndefined();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
