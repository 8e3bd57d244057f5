import { once } from 'node:events';

import { startLocalAws } from './local-aws';
import { terraformCliConfig } from './terraform';

// `npm run sandbox`: a local AWS to point one's own terraform and aws at, until Ctrl-C.
async function main(): Promise<void> {
  const aws = await startLocalAws();
  const environment = { ...aws.environment, TF_CLI_CONFIG_FILE: terraformCliConfig() };
  console.log('# A local AWS is running until Ctrl-C. Paste this into another shell:');
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}='${value}'`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await aws.stop();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
