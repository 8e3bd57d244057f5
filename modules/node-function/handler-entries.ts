import { join } from 'node:path';

import { HANDLER_NAMES, type HandlerName } from '../../contract/handler-names';

/** Where the code of a function is. Paths, not imports: `modules/` and `handlers/` do not know each other. */
const entryOf = (name: HandlerName): string => join(__dirname, '..', '..', 'handlers', name, 'index.ts');

export const ROTATE_ACCESS_KEY_ENTRY = entryOf('rotate-access-key');
export const NOTIFY_PEOPLE_ENTRY = entryOf('notify-people');
export const RETIRE_ACCESS_KEYS_ENTRY = entryOf('retire-access-keys');

export const DELIVER_ACCESS_KEYS_ENTRY = entryOf('deliver-access-keys');

export const RESPOND_TO_LEAKS_ENTRY = entryOf('respond-to-leaks');

export const HANDLER_ENTRIES: readonly string[] = HANDLER_NAMES.map(entryOf);

/** What takes the place of the SDK's search for credentials. */
export const CREDENTIALS_OF_LAMBDA = join(
  __dirname,
  '..',
  '..',
  'handlers',
  'aws',
  'credentials-of-lambda.ts',
);
