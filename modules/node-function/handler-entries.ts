import { join } from 'node:path';

/** Where the code of a function is. Paths, not imports: `modules/` and `handlers/` do not know each other. */
const entryOf = (handler: string): string => join(__dirname, '..', '..', 'handlers', handler, 'index.ts');

export const ROTATE_ACCESS_KEY_ENTRY = entryOf('rotate-access-key');
export const NOTIFY_PEOPLE_ENTRY = entryOf('notify-people');
export const RETIRE_ACCESS_KEYS_ENTRY = entryOf('retire-access-keys');

export const DELIVER_ACCESS_KEYS_ENTRY = entryOf('deliver-access-keys');

export const RESPOND_TO_LEAKS_ENTRY = entryOf('respond-to-leaks');

export const HANDLER_ENTRIES = [
  ROTATE_ACCESS_KEY_ENTRY,
  RETIRE_ACCESS_KEYS_ENTRY,
  NOTIFY_PEOPLE_ENTRY,
  DELIVER_ACCESS_KEYS_ENTRY,
  RESPOND_TO_LEAKS_ENTRY,
];

/** What takes the place of the SDK's search for credentials. */
export const CREDENTIALS_OF_LAMBDA = join(
  __dirname,
  '..',
  '..',
  'handlers',
  'aws',
  'credentials-of-lambda.ts',
);
