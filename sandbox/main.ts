import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { startLocalAws } from './local-aws';
import { terraformCliConfig } from './terraform';

// `npm run sandbox`: a local AWS to point one's own terraform and aws at, until Ctrl-C.
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  const aws = await startLocalAws();
  const environment = { ...aws.environment, TF_CLI_CONFIG_FILE: terraformCliConfig() };
  console.log('# A local AWS is running until Ctrl-C. Paste this into another shell:');
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}='${value}'`);
  await new Promise<void>((resolve) => {
    // Stays on until the end: Ctrl-C often comes twice, from the terminal and from the program that started this one.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (process.env['npm_lifecycle_event'] !== undefined) whenParentEnds(resolve);
  });
  await aws.stop();
}

/** npm hands a signal to nobody: whoever ends `npm run sandbox` by its process id has ended this, too. */
function whenParentEnds(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
