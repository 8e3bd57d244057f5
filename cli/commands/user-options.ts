import { randomUUID } from 'node:crypto';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { createRequestHandler as newRequestHandler } from '../../client/request-handler';
import { createAcknowledgementStore, createLifecycle, createRotationPorts } from '../../handlers/aws/clients';
import type { AcknowledgementStore } from '../../handlers/core/model/acknowledgements';
import { LEASE_WAIT } from '../../handlers/core/model/timing';
import { explain } from '../../handlers/core/model/explain';
import type { RotationPorts } from '../../handlers/core/model/ports';
import { SECOND } from '../../contract/instant';
import type { Settings } from '../../contract/settings';
import { NO_METRICS } from '../../handlers/core/telemetry/no-metrics';
import { createAwsClock } from '../aws-clock';
import { connect, type StackOptions, withStackOptions } from '../aws-options';
import { mayBeInterrupted } from '../interruption';
import { explainMissingTable, noSuchUser } from '../stack';
import { terminalLog } from '../terminal-log';

/** A sentence for who starts a command again that was interrupted. */
export const WAITS_FOR_LEASE = `It may first wait up to ${LEASE_WAIT / SECOND} seconds for the lease of the interrupted command to expire.`;

const HOW_TO_GO_ON = `Its progress is in the journal: run the same command again to complete it. ${WAITS_FOR_LEASE}`;

/** Which user of which stack a command is about. */
export interface UserOptions extends StackOptions {
  readonly user: string;
}

/** For a command that may be about one user. */
export const userOption = (): Option =>
  new Option('--user <stable key>', 'the name of the user in rotation.yaml').argParser(notEmpty);

/** A variable of a script that is not set is no name. */
export function notEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty. Give a name as it is in rotation.yaml.');
}

export const withUserOptions = (command: Command): Command =>
  withStackOptions(command.addOption(userOption().makeOptionMandatory()));

const ACCESS_KEY_ID = /^\w{16,128}$/;

/** Whether a text is surely meant as the id of an access key: names of users may be as long, but begin otherwise. */
export const isAccessKeyId = (text: string): boolean => /^A[KS]IA/.test(text) && ACCESS_KEY_ID.test(text);

/** Reads the id of an access key from the command line. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html */
export function accessKeyId(text: string): string {
  if (ACCESS_KEY_ID.test(text)) return text;
  throw new InvalidArgumentError('It is the id of an access key, such as AKIAIOSFODNN7EXAMPLE.');
}

/** What the commands about one user work with. */
export interface OperatorPorts extends RotationPorts {
  readonly acknowledgements: AcknowledgementStore;
}

/** Reads the user's settings from the table and does the work, with errors that name user and secret. */
export async function forUser<Result>(
  { user, prefix, ...aws }: UserOptions,
  step: string,
  work: (ports: OperatorPorts, settings: Settings) => Promise<Result>,
): Promise<Result> {
  // stderr shows what is done.
  const connection = await connect(aws);
  const clock = await createAwsClock(connection);
  const options = { newRequestHandler, connection };
  const lifecycle = createLifecycle(prefix, options)(terminalLog);
  const ports: OperatorPorts = {
    ...createRotationPorts(prefix, { ...options, systemClockOffset: clock.offset }),
    acknowledgements: createAcknowledgementStore(prefix, options),
    clock,
    newHolder: randomUUID,
    log: terminalLog,
    lifecycle,
    metrics: NO_METRICS,
  };
  const settings = await readSettings(ports, { user, prefix, region: connection.region });
  try {
    return await mayBeInterrupted(HOW_TO_GO_ON, () => work(ports, settings));
  } catch (error) {
    throw explain(error, { step, secretArn: settings.secretArn, settings });
  } finally {
    await lifecycle.flush();
  }
}

async function readSettings(
  { settings }: Pick<RotationPorts, 'settings'>,
  { user, ...stack }: Readonly<Record<'user' | 'prefix' | 'region', string>>,
): Promise<Settings> {
  let found: Settings | undefined;
  try {
    found = await settings.read(user);
  } catch (error) {
    throw explainMissingTable(error, stack);
  }
  if (found !== undefined) return found;
  throw noSuchUser(user, stack);
}
