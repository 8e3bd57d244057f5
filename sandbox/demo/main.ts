import { missingTools } from '../missing-tools';
import { Narrator } from './narrator';
import { runDemo } from './run-demo';

// `npm run demo`: the main job from configuration to a rotated key, on a local AWS, in about a minute.
async function main(): Promise<void> {
  const missing = missingTools();
  if (missing.length > 0) {
    console.error(`The demo cannot run here. ${missing.join('. ')}.`);
    process.exitCode = 1;
    return;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) return;
      console.error('\nStopping what was started; Terraform may need some seconds.');
      interrupted.abort();
    });
  }
  try {
    await runDemo(new Narrator(), interrupted.signal);
  } catch (error) {
    process.exitCode = interrupted.signal.aborted ? 130 : 1;
    console.error(
      interrupted.signal.aborted
        ? 'Everything is stopped, and nothing is left behind.'
        : `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

void main();
