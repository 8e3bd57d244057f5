import { closeSync, openSync } from 'node:fs';

import { Witness } from './witness';

/** After these nobody wants the program to be started again. */
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'];
/** After these not even for a new key: a supervisor sends them once, and then waits until all has ended. */
const ENDING_FOR_GOOD: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGQUIT'];
const OTHERS: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGUSR2', 'SIGALRM'];

/** What the keys of a terminal send, to every process of the group: also to the program that was started here. */
const FROM_KEYS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** On Windows a console gives Ctrl-C to every program on it, and there is nothing else to pass on. */
const ON_WINDOWS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGBREAK'];

export interface SignalReceiver {
  /** To be passed on. A program that got Ctrl-C from its terminal must not get it twice: many then stop without order. */
  readonly pass: (signal: NodeJS.Signals) => void;
  /**
   * Somebody wants this to end, and may have told the program.
   *
   * @param isForGood false: the program may take it for something else, such as a reload, and go on
   */
  readonly end: (isForGood: boolean) => void;
}

/**
 * From now on signals do not end this process.
 *
 * @returns what lets them end it again
 */
export function receiveSignals({ pass, end }: SignalReceiver): () => void {
  const isWindows = process.platform === 'win32';
  const witness = !isWindows && hasTerminal() ? new Witness() : undefined;
  const receive = (signal: NodeJS.Signals): void => {
    if (isWindows || ENDING.includes(signal)) end(ENDING_FOR_GOOD.includes(signal));
    if (isWindows) return;
    if (witness === undefined || !FROM_KEYS.includes(signal)) pass(signal);
    else
      void witness.hasSeenIt().then((hasSeenIt) => {
        if (!hasSeenIt) pass(signal);
      });
  };
  const signals = isWindows ? ON_WINDOWS : [...ENDING, ...OTHERS];
  for (const signal of signals) process.on(signal, receive);
  return () => {
    for (const signal of signals) process.off(signal, receive);
    witness?.end();
  };
}

/** Whether keys pressed somewhere can reach this process, whatever its streams are. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
