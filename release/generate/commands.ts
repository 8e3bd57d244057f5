import { commandsPage } from './commands-page';
import { keepCurrent } from './keep-current';

/*
 * Writes docs/commands.md from what the commands say of themselves.
 * With --check it writes nothing, and fails if the page is out of date.
 */

void keepCurrent('docs/commands.md', () => commandsPage(), process.argv.includes('--check'));
