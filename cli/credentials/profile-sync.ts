import type { AwsCredentialIdentity } from '@smithy/types';

import type { RotatedKey } from '../../client/rotated-key';
import type { SecretReader } from '../../client/secret-reader';
import type { Log } from '../../handlers/core/model/ports';
import { checkKey, withProfileKey } from './profile-text';
import { type ProfilePlace, readBack, refuseUnclear } from './unclear-profile';
import { replaceFile } from './replace-file';
import { runCommand } from './run-command';
import { secretReader, type SecretOptions } from './secret-options';

export interface ProfileSyncOptions extends SecretOptions {
  readonly profile: string;
  readonly file: string;
  readonly onChange?: string;
}

/** Keeps one profile of a credentials file at the current key of a secret. */
export class ProfileSync {
  #key: RotatedKey | undefined;
  #isCommandDue = false;
  readonly #reader: SecretReader;

  constructor(
    private readonly options: ProfileSyncOptions,
    private readonly log: Log,
  ) {
    this.#reader = secretReader(options, () => this.#identity());
  }

  /** Looks once, and writes and runs the command if there is a new key, or if the command failed the last time. */
  async once(): Promise<void> {
    const { secretId, profile, file, onChange } = this.options;
    const key = await this.#reader.readCurrent();
    checkKey(secretId, key);
    this.#key = key;
    if (await replaceFile(file, (text) => withKey(text, { file, profile }, key))) {
      this.log.info(`Profile ${profile} of ${file} has access key ${key.accessKeyId} now.`);
      this.#isCommandDue = onChange !== undefined;
    }
    if (onChange !== undefined && this.#isCommandDue) {
      await runCommand(onChange);
      this.#isCommandDue = false;
    }
  }

  #identity(): AwsCredentialIdentity | undefined {
    const key = this.#key;
    return key && { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey.reveal() };
  }
}

async function withKey(text: string, place: ProfilePlace, key: RotatedKey): Promise<string> {
  refuseUnclear(text, place);
  const changed = withProfileKey(text, place.profile, key);
  await readBack(text, changed, place, key);
  return changed;
}
