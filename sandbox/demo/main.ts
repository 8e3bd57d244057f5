import { silenceNodeVersionWarning } from '../../handlers/aws/sdk-node-version';
import { missingTools } from '../missing-tools';
import { Narrator } from './narrator';
import { runDemo } from './run-demo';

const KEEP = '--keep';
const INTERRUPTED = 130;

// `npm run demo`: the main job from configuration to a rotated key, on a local AWS, in two to four minutes.
async function main(args: readonly string[]): Promise<number> {
  silenceNodeVersionWarning();
  const unknown = args.filter((arg) => arg !== KEEP);
  if (unknown.length > 0) {
    console.error(`The demo does not know ${unknown.join(' ')}. It takes ${KEEP}, or nothing.`);
    return 1;
  }
  const missing = missingTools();
  if (missing.length > 0) {
    console.error(`The demo cannot run here. ${missing.join('. ')}.`);
    return 1;
  }
  const { signal, interrupt } = interruption();
  try {
    await runDemo(new Narrator(), { signal, interrupt, keep: args.includes(KEEP) });
    return 0;
  } catch (error) {
    if (signal.aborted) {
      console.error('Everything is stopped, and nothing is left behind.');
      return INTERRUPTED;
    }
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Ctrl-C and its like, however often they come, ask once for everything to be stopped in order. */
function interruption(): { readonly signal: AbortSignal; readonly interrupt: () => void } {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    if (interrupted.signal.aborted) return;
    console.error('\nStopping what was started.');
    interrupted.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return { signal: interrupted.signal, interrupt };
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
