import type { Configuration } from './configuration';
import { parseConfiguration } from './parse-configuration';
import { PARTS_ON_DISK } from './reading/part-files';
import { readTextFile, whyUnreadable } from './reading/text-file';
import { ConfigurationError } from './problem';

/** Reads `rotation.yaml`, and the files that it includes. @throws ConfigurationError with all that is wrong with it */
export function loadConfiguration(path: string): Configuration {
  return parseConfiguration(path, readText(path), Date.now(), PARTS_ON_DISK);
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    const problem = {
      path: [],
      found: whyUnreadable(error),
      rule: 'the configuration is a YAML file',
      write: 'its path in the environment variable ROTATION_CONFIG, or the file rotation.yaml in this folder',
      line: 1,
      column: 1,
    };
    throw new ConfigurationError(path, [problem], { cause: error });
  }
}
