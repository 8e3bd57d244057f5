import type { AwsCredentialIdentity } from '@smithy/types';

import type { RotatedKey } from '../../client/rotated-key';
import type { SecretReader } from '../../client/secret-reader';
import type { Log } from '../../handlers/core/model/ports';
import { hasCode } from '../error-code';
import { checkKey, withProfileKey } from './profile-text';
import { type ProfilePlace, readBack, refuseUnclear } from './unclear-profile';
import { replaceFile } from './replace-file';
import { runCommand } from './run-command';
import { secretReader, type SecretOptions } from './secret-options';

export interface ProfileSyncOptions extends SecretOptions {
  /** The profile that is written. */
  readonly writeProfile: string;
  readonly file: string;
  readonly onChange?: string;
}

/** What one look at the secret came to. */
export interface Look {
  /** Of the current key. */
  readonly keyId: string;
  readonly isWritten: boolean;
}

/** Keeps one profile of a credentials file at the current key of a secret. */
export class ProfileSync {
  #key: RotatedKey | undefined;
  #isCommandDue = false;

  private constructor(
    private readonly options: ProfileSyncOptions,
    private readonly log: Pick<Log, 'info'>,
    private readonly reader: SecretReader,
  ) {}

  /** @throws Error where no region is set */
  static async of(options: ProfileSyncOptions, log: Pick<Log, 'info'>): Promise<ProfileSync> {
    const reader = await secretReader(options, () => sync.#identity());
    const sync: ProfileSync = new ProfileSync(options, log, reader);
    return sync;
  }

  /** Looks once, and writes and runs the command if there is a new key, or if the command failed the last time. */
  async once(): Promise<Look> {
    const { secretId, writeProfile, file, onChange } = this.options;
    const key = await this.reader.readCurrent();
    checkKey(secretId, key);
    this.#key = key;
    const isWritten = await this.#write(key);
    if (isWritten) {
      this.log.info(`Profile ${writeProfile} of ${file} has access key ${key.accessKeyId} now.`);
      this.#isCommandDue = onChange !== undefined;
    }
    if (onChange !== undefined && this.#isCommandDue) {
      await runCommand(onChange);
      this.#isCommandDue = false;
    }
    return { keyId: key.accessKeyId, isWritten };
  }

  async #write(key: RotatedKey): Promise<boolean> {
    const { writeProfile: profile, file } = this.options;
    try {
      return await replaceFile(file, (text) => withKey(text, { file, profile }, key));
    } catch (error) {
      if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR')) throw error;
      throw new Error(`${file} cannot be written: ${String(error)}. Name another file with --file.`, {
        cause: error,
      });
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
