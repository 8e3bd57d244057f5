import { homedir } from 'node:os';
import { join } from 'node:path';

import { Command, Option } from 'commander';

import { HOUR, SECOND, type Milliseconds } from '../../contract/instant';
import type { Log } from '../../handlers/core/model/ports';
import { durationBetween, shownDuration } from '../credentials/duration';
import { profileName } from '../credentials/profile-name';
import { ProfileSync, type ProfileSyncOptions } from '../credentials/profile-sync';
import { withSecretOptions } from '../credentials/secret-options';
import { USUAL_INTERVAL, watch } from '../credentials/watch';
import { describeCommand } from '../help';
import { READ_SECRET } from '../policy/permission';
import { inSingleQuotes } from '../shell-word';
import { terminalLog } from '../terminal-log';

interface Options extends Omit<ProfileSyncOptions, 'file' | 'writeProfile'> {
  readonly writeProfile?: string;
  readonly file?: string;
  readonly watch?: boolean;
  readonly every?: Milliseconds;
  readonly quiet?: boolean;
}

/** `sync`: for programs that only read a file. */
export function newCommand(): Command {
  return describeCommand(
    withSecretOptions(
      new Command('sync').option('--write-profile <profile>', 'the profile to write', profileName),
    ),
    {
      summary: 'write the current key into the AWS credentials file',
      description:
        'Write the current key into a profile of the AWS credentials file, in one step, and leave everything else in it as it is.',
      examples: [
        {
          title: 'As a service, for a program that reads the file when it is reloaded',
          text: "iam-key-rotation sync --secret-id iam-key-rotation/app --write-profile app --watch --on-change 'systemctl reload app'",
        },
        {
          title:
            "From a timer, with no other credentials than the profile's own (selfRenewal: true), once per overlap or more often",
          text: 'iam-key-rotation sync --secret-id iam-key-rotation/app --write-profile app --profile app',
        },
      ],
      permissions: READ_SECRET,
      exitCodes: {
        0: 'the file holds the current key; with --watch, it was stopped',
        130: 'it was stopped with Ctrl-C, without --watch',
      },
    },
  )
    .option('--file <path>', 'the file; without it AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/credentials')
    .option('--on-change <command>', 'what to run in the shell after the file was changed, such as a reload')
    .option('--watch', 'go on until stopped, and look again and again')
    .addOption(
      new Option(
        '--every <duration>',
        `how often, with --watch; without it ${shownDuration(USUAL_INTERVAL)}`,
      ).argParser(durationBetween(SECOND, 12 * HOUR)),
    )
    .option('--quiet', 'say nothing but what failed')
    .action(async ({ watch: isWatch = false, every, quiet = false, ...options }: Options) => {
      if (every !== undefined && !isWatch) throw new Error('--every goes with --watch, which is missing.');
      const place = { writeProfile: toWrite(options), file: options.file ?? credentialsFile() };
      const log = logOf({ quiet, timed: isWatch });
      const sync = await ProfileSync.of({ ...options, ...place }, log);
      const profile = `Profile ${place.writeProfile} of ${place.file}`;
      if (isWatch) {
        const interval = every ?? USUAL_INTERVAL;
        log.info(`${profile} follows secret ${options.secretId}, every ${shownDuration(interval)}.`);
        await watch(() => sync.once(), interval, log);
        return;
      }
      const { keyId, isWritten } = await sync.once();
      if (!isWritten) log.info(`${profile} has the current access key ${keyId} already.`);
    });
}

/** @throws Error where nothing names it: until version 0.1 `--profile` did, which is no longer the one that is written. */
function toWrite({ writeProfile, profile }: Options): string {
  if (writeProfile !== undefined) return writeProfile;
  throw new Error(
    'Name the profile to write with --write-profile. ' +
      (profile === undefined
        ? ''
        : `--profile names the one that reads the secret; in version 0.1 it was the one to write: --write-profile ${inSingleQuotes(profile)}`),
  );
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
const credentialsFile = (): string =>
  process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials');

/** With the time where lines come over days. */
function logOf({ quiet, timed }: { quiet: boolean; timed: boolean }): Pick<Log, 'info' | 'error'> {
  const line = (message: string): void =>
    terminalLog.info(timed ? `${new Date().toISOString()}  ${message}` : message);
  return { info: quiet ? () => undefined : line, error: line };
}
