import { Command, Option } from 'commander';

import { HOUR, MINUTE, type Milliseconds } from '../../contract/instant';
import { durationBetween } from '../credentials/duration';
import { refuseWithinItself } from '../credentials/not-within-itself';
import { processDocument } from '../credentials/process-document';
import { describeCommand } from '../help';
import { READ_SECRET } from '../policy/permission';
import { printJson } from '../print';
import { secretReader, type SecretOptions, withSecretOptions } from '../credentials/secret-options';

interface Options extends SecretOptions {
  readonly validFor: Milliseconds;
}

/**
 * botocore asks again from 15 minutes before the expiration on, at every request; with less it would start a process
 * for each. https://github.com/boto/botocore/blob/develop/botocore/credentials.py (`_advisory_refresh_timeout`)
 */
const LEAST_VALIDITY = 16 * MINUTE;

/** `credentials`: a `credential_process` for every SDK. */
export function newCommand(): Command {
  return describeCommand(withSecretOptions(new Command('credentials')), {
    summary: 'print the current key for credential_process',
    description:
      'Print the current key as a credential_process document, with an expiration that makes long-running programs ask again.',
    examples: [
      {
        title: 'In ~/.aws/config, for a profile that any AWS SDK or the AWS CLI uses',
        text: `
[profile app]
credential_process = iam-key-rotation credentials --secret-id iam-key-rotation/app`,
      },
    ],
    permissions: READ_SECRET,
  })
    .addOption(
      new Option(
        '--valid-for <duration>',
        'after this time at the latest the program asks again; botocore does so 15 minutes sooner, others 5 minutes',
      )
        .argParser(durationBetween(LEAST_VALIDITY, 12 * HOUR))
        .default(20 * MINUTE, '20m'),
    )
    .action(async ({ validFor, ...secret }: Options) => {
      refuseWithinItself(process.env);
      const key = await (await secretReader(secret)).readCurrent();
      printJson(processDocument(key, Date.now() + validFor));
    });
}
