import { join } from 'node:path';

/** Where the code of the functions is. Paths, not imports: `modules/` and `handlers/` do not know each other. */
export const ROTATE_ACCESS_KEY_ENTRY = join(
  __dirname,
  '..',
  '..',
  'handlers',
  'rotate-access-key',
  'index.ts',
);
export const NOTIFY_PEOPLE_ENTRY = join(__dirname, '..', '..', 'handlers', 'notify-people', 'index.ts');
export const RETIRE_ACCESS_KEYS_ENTRY = join(
  __dirname,
  '..',
  '..',
  'handlers',
  'retire-access-keys',
  'index.ts',
);
