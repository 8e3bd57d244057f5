import { constants } from 'node:os';

import type { AwsCredentialIdentity } from '@smithy/types';
import { Command, InvalidArgumentError, Option } from 'commander';

import type { RotatedKey } from '../../client/rotated-key';
import { SecretReader } from '../../client/secret-reader';
import { HOUR, SECOND, type Milliseconds } from '../../contract/instant';
import { durationBetween, shownDuration } from '../credentials/duration';
import { checkKey } from '../credentials/profile-text';
import { connectToSecret, type SecretOptions, withSecretOptions } from '../credentials/secret-options';
import { USUAL_INTERVAL } from '../credentials/watch';
import { type Environment, environmentWith } from '../exec/environment';
import { type CommandLine, NOT_EXECUTABLE, NOT_FOUND, ProgramNotStartedError } from '../exec/program';
import { runWithKey, type WhenKeyChanges } from '../exec/run-with-key';
import { describeCommand } from '../help';
import { READ_SECRET } from '../policy/permission';
import { tell } from '../print';

interface Options extends SecretOptions {
  readonly restart?: boolean;
  readonly killAfter?: Milliseconds;
  readonly signal?: NodeJS.Signals;
  readonly every: Milliseconds;
}

/** As it came: what this process sets for itself, such as the silence of its SDK, is not for the program. */
const CALLER: Environment = { ...process.env };

const USUAL_PATIENCE = 10 * SECOND;

/** `exec`: for programs that know nothing but the environment. */
export function newCommand(): Command {
  return describeCommand(withSecretOptions(new Command('exec')), {
    summary: 'run a program with the current key in its environment',
    description:
      'Run a program with the current key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and without other credentials of ' +
      'the caller. The environment of a program that runs cannot be changed: when the secret has another key, that is said ' +
      'on stderr, unless --restart or --signal asks for more. Signals are passed on to the program.',
    examples: [
      {
        title: 'Run one command',
        text: 'iam-key-rotation exec --secret-id iam-key-rotation/app -- aws s3 ls',
      },
      {
        title: 'Run a service that is started again with each new key',
        text: 'iam-key-rotation exec --secret-id iam-key-rotation/app --restart -- node server.js --port 8080',
      },
    ],
    permissions: READ_SECRET,
    exitCodes: {
      0: 'the program ended with 0',
      1: 'the key could not be read, and the program was not started; or the program ended with 1',
      [NOT_EXECUTABLE]: 'the program cannot be executed',
      [NOT_FOUND]: 'there is no such program',
      130: 'the program was stopped with Ctrl-C',
      '128+n': 'the program was ended by signal number n; any other number is what the program ended with',
    },
  })
    .usage('--secret-id <name or ARN> [options] -- <command...>')
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .option(
      '--restart',
      'when the key changes, end the program with SIGTERM and start it again with the new key',
    )
    .addOption(
      new Option(
        '--kill-after <duration>',
        `with --restart: how long after SIGTERM the program gets SIGKILL; without it ${shownDuration(USUAL_PATIENCE)}`,
      ).argParser(durationBetween(SECOND, HOUR)),
    )
    .addOption(
      new Option(
        '--signal <name>',
        'when the key changes, send the program this signal, such as SIGHUP, and nothing else',
      )
        .argParser(signalName)
        .conflicts('restart'),
    )
    .addOption(
      new Option('--every <duration>', 'how often to look for another key')
        .argParser(durationBetween(SECOND, 12 * HOUR))
        .default(USUAL_INTERVAL, shownDuration(USUAL_INTERVAL)),
    )
    .action(async (commandLine: CommandLine, options: Options) => {
      const whenKeyChanges = wanted(options);
      try {
        // Now, and not when the last call of a look that nobody waits for has ended.
        process.exit(await run(commandLine, whenKeyChanges, options));
      } catch (error) {
        if (!(error instanceof ProgramNotStartedError)) throw error;
        tell(error.message);
        process.exit(error.exitCode);
      }
    });
}

async function run(
  commandLine: CommandLine,
  whenKeyChanges: WhenKeyChanges,
  { every, ...secret }: Options,
): Promise<number> {
  const { secretId } = secret;
  const connection = await connectToSecret(secret);
  let last: AwsCredentialIdentity | undefined;
  const reader = new SecretReader({ secretId, clientConfig: connection, ownKey: () => last });
  const readKey = async (): Promise<RotatedKey> => {
    const key = await reader.readCurrent();
    checkKey(secretId, key);
    last = { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey.reveal() };
    return key;
  };
  // The program writes to the same stream.
  const log = (message: string): void => tell(`iam-key-rotation: ${message}`);
  return runWithKey({
    ...{ secretId, commandLine, whenKeyChanges, every, readKey },
    environmentWith: (key) => environmentWith(key, CALLER, connection.region),
    log: { info: log, error: log },
  });
}

function wanted({ restart = false, killAfter, signal }: Options): WhenKeyChanges {
  if (killAfter !== undefined && !restart)
    throw new Error('--kill-after goes with --restart, which is missing.');
  if (process.platform === 'win32' && (restart || signal !== undefined))
    throw new Error('Windows has no signals: --restart and --signal work on Linux and macOS.');
  if (signal !== undefined) return { does: 'signal', signal };
  return restart ? { does: 'restart', killAfter: killAfter ?? USUAL_PATIENCE } : { does: 'tell' };
}

/** Those that end a program without asking it are of no use to tell it something. */
const WITHOUT_QUESTION: readonly string[] = ['SIGKILL', 'SIGSTOP'];

function signalName(text: string): NodeJS.Signals {
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  if (Object.hasOwn(constants.signals, name) && !WITHOUT_QUESTION.includes(name))
    return name as NodeJS.Signals;
  throw new InvalidArgumentError('It is the name of a signal that a program can receive, such as SIGHUP.');
}
