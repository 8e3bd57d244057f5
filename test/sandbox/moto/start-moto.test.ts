import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireMoto } from '../../../sandbox/moto/command';
import { startMoto } from '../../../sandbox/moto/start-moto';
import { isAlive } from '../../support/processes';
import { until } from '../../support/until';

jest.mock('../../../sandbox/moto/command');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-moto-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('a moto that never answers is given up after five minutes, and ended', async () => {
  const file = join(folder, 'pid');
  const script = `echo $$ > '${file}'; echo 'it hangs' >&2; exec sleep 600`;
  jest.mocked(requireMoto).mockReturnValue(['sh', '-c', script, 'sh']);
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + (existsSync(file) ? 3_600_000 : 0));

  await expect(startMoto({ accountId: '111122223333' })).rejects.toThrow(/did not answer within 5 minutes/);

  jest.restoreAllMocks();
  const pid = Number(readFileSync(file, 'utf8'));
  await until(
    () => !isAlive(pid),
    () => pid,
  );
});
