import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Command, Option } from 'commander';

import { HOUR, MINUTE, SECOND, type Milliseconds } from '../../contract/instant';
import { durationBetween } from '../credentials/duration';
import { profileName } from '../credentials/profile-name';
import { ProfileSync, type ProfileSyncOptions } from '../credentials/profile-sync';
import { withSecretOptions } from '../credentials/secret-options';
import { terminalLog } from '../terminal-log';

interface Options extends Omit<ProfileSyncOptions, 'file'> {
  readonly file?: string;
  readonly watch?: boolean;
  readonly every: Milliseconds;
}

/** `sync`: for programs that only read a file. */
export function syncCommand(): Command {
  return withSecretOptions(new Command('sync'))
    .summary('write the current key into a profile of the AWS credentials file')
    .addHelpText(
      'after',
      `
As a service, for a program that reads the file when it is reloaded:

  npx iam-key-rotation sync --secret-id iam-key-rotation/app --profile app --watch --on-change 'systemctl reload app'

From a timer, with no other credentials than the profile's own (selfRenewal: true), once per overlap or more often:

  npx iam-key-rotation sync --secret-id iam-key-rotation/app --profile app --reader-profile app`,
    )
    .description(
      'Write the current key into a profile of the AWS credentials file, in one step, and leave everything else in it as it is.',
    )
    .requiredOption('--profile <profile>', 'the profile to write', profileName)
    .option('--file <path>', 'the file; without it AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/credentials')
    .option('--on-change <command>', 'what to run in the shell after the file was changed, such as a reload')
    .option('--watch', 'go on until stopped, and look again and again')
    .addOption(
      new Option('--every <duration>', 'how often, with --watch')
        .argParser(durationBetween(SECOND, 12 * HOUR))
        .default(5 * MINUTE, '5m'),
    )
    .action(async ({ watch = false, every, ...options }: Options) => {
      const sync = new ProfileSync({ ...options, file: options.file ?? credentialsFile() }, terminalLog);
      await (watch ? repeat(() => sync.once(), every) : sync.once());
    });
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
const credentialsFile = (): string =>
  process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials');

/** Until SIGINT or SIGTERM. A failure is logged, and the next time it tries again: the file holds a key all the while. */
async function repeat(work: () => Promise<void>, every: Milliseconds): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  while (!stop.signal.aborted) {
    try {
      await work();
    } catch (error) {
      terminalLog.error(error instanceof Error ? error.message : String(error));
    }
    // Not all at the same moment, where many were started together.
    await sleep(every * (0.8 + 0.2 * Math.random()), undefined, { signal: stop.signal }).catch(
      () => undefined,
    );
  }
}
