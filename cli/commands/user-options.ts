import { randomUUID } from 'node:crypto';

import type { Command } from 'commander';

import { createRequestHandler as newRequestHandler } from '../../client/request-handler';
import { createLifecycle, createRotationPorts } from '../../handlers/aws/clients';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import { explain } from '../../handlers/core/model/explain';
import type { RotationPorts } from '../../handlers/core/model/ports';
import type { Settings } from '../../contract/settings';
import { NO_METRICS } from '../../handlers/core/telemetry/no-metrics';
import { createAwsClock } from '../aws-clock';
import { mayBeInterrupted } from '../interruption';
import { terminalLog } from '../terminal-log';

const HOW_TO_GO_ON =
  'Its progress is in the journal: run the same command again to complete it. It may first wait up to 90 seconds for the ' +
  'lease of the interrupted command to expire.';

/** Which user of which stack a command is about. */
export interface UserOptions {
  readonly user: string;
  readonly prefix: string;
}

export const withUserOptions = (command: Command): Command =>
  command
    .requiredOption('--user <stable key>', 'the name of the user in rotation.yaml')
    .option('--prefix <prefix>', 'the prefix of the stack', 'iam-key-rotation');

/** Reads the user's settings from the table and does the work, with errors that name user and secret. */
export async function forUser<Result>(
  { user, prefix }: UserOptions,
  step: string,
  work: (ports: RotationPorts, settings: Settings) => Promise<Result>,
): Promise<Result> {
  // The caller's own credentials and region; stderr shows what is done.
  const clock = await createAwsClock();
  const lifecycle = createLifecycle(prefix, { newRequestHandler })(terminalLog);
  const ports: RotationPorts = {
    ...createRotationPorts(prefix, { systemClockOffset: clock.offset, newRequestHandler }),
    clock,
    newHolder: randomUUID,
    log: terminalLog,
    lifecycle,
    metrics: NO_METRICS,
  };
  const settings = await readSettings(ports, { user, prefix });
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
  { user, prefix }: UserOptions,
): Promise<Settings> {
  let found: Settings | undefined;
  try {
    found = await settings.read(user);
  } catch (error) {
    const isNoTable = error instanceof CallRefusedError && error.kind === 'notFound';
    if (!isNoTable) throw error;
    throw new Error(`This account and region have no table ${prefix}. ${whereToLook}`, { cause: error });
  }
  if (found !== undefined) return found;
  throw new Error(`Table ${prefix} of this account and region holds no user ${user}. ${whereToLook}`);
}

const whereToLook =
  "Name the user as in rotation.yaml, the stack's prefix with --prefix, and check AWS_REGION and the credentials in " +
  'use: aws sts get-caller-identity';
