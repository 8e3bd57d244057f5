import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { CALL_HISTORY, startLocalAws } from './local-aws';
import { shellLines } from './shell-variables';
import { listen } from './terminal/listen';

// `npm run sandbox`: a local AWS to point one's own terraform and aws at, until Ctrl-C.
async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0)
    throw new Error(`The local AWS does not know ${args.join(' ')}. It is started without any of it.`);
  silenceNodeVersionWarning();
  // Not among the lines to paste: whoever collects those reads stdout.
  console.error('The local AWS is starting; that takes some 10 seconds.');
  const aws = await startLocalAws({ historyMs: CALL_HISTORY });
  console.log('# A local AWS is running until Ctrl-C. Paste this into another shell:');
  for (const line of shellLines(aws)) console.log(line);
  let terminal: ReturnType<typeof listen> | undefined;
  await new Promise<void>((resolve) => {
    terminal = listen(aws, console.error, resolve);
    // Stays on until the end: Ctrl-C often comes twice, from the terminal and from the program that started this one.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve());
    }
    if (process.env['npm_lifecycle_event'] !== undefined) whenParentEnds(resolve);
  });
  // An input that is still read would keep this process.
  terminal?.stop();
  await aws.stop();
}

/** npm hands a signal to nobody: whoever ends `npm run sandbox` by its process id has ended this, too. */
function whenParentEnds(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
