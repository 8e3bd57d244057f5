import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Command, InvalidArgumentError, Option } from 'commander';

import { MINUTE, type Milliseconds } from '../../contract/instant';
import { print, printJson, tell } from '../print';
import {
  type AwsConnection,
  type AwsOptions,
  connect,
  type JsonOption,
  withAwsOptions,
  withJson,
} from '../aws-options';
import { describeCommand } from '../help';
import { EXIT_CODES } from '../interruption';
import { Account, type Caller } from '../verify-account/account';
import { inWords } from '../verify-account/asking';
import { ASSUMPTIONS } from '../verify-account/assumptions';
import { removeAll, removeEverything } from '../verify-account/clean-up';
import { createClients, type Clients } from '../verify-account/clients';
import { lookForUse, requireThrowAway } from '../verify-account/in-use';
import {
  asJson,
  asText,
  exitStatus,
  progressLine,
  whatIsLeft,
  type Outcome,
} from '../verify-account/outcome';
import { findOurs, nameOf, type Resource } from '../verify-account/resources';
import { planOf, runChecks } from '../verify-account/run-checks';
import { stopOnSignal, Stopped, type Stop } from '../verify-account/stop';
import { verifyAccountDocument } from '../verify-account/verify-account-document';

interface Options extends AwsOptions, JsonOption {
  readonly patience: Milliseconds;
  readonly yes?: boolean;
  readonly onlyCleanUp?: boolean;
  readonly althoughInUse?: string;
}

const DEFAULT_PATIENCE = 15 * MINUTE;

/** `verify-account`: tries in a throw-away account what nobody can try without one. */
export function newCommand(): Command {
  return describeCommand(withJson(withAwsOptions(new Command('verify-account'))), {
    summary: 'try in a throw-away account what this product assumes of AWS',
    description:
      'Make some users, keys, secrets, roles and a function in a throw-away AWS account, look whether AWS behaves as this ' +
      'product assumes, and remove everything. It takes about 20 minutes and costs some cents: docs/verify-account.md. ' +
      'Progress is on stderr, the result on stdout.',
    examples: [
      {
        title: 'Try everything, after a question',
        text: 'iam-key-rotation verify-account --profile throw-away --region eu-west-1',
      },
      {
        title: 'Remove what a run left that was killed',
        text: 'iam-key-rotation verify-account --profile throw-away --region eu-west-1 --only-clean-up',
      },
    ],
    exitCodes: {
      0: 'everything that it tries holds',
      1: 'something does not hold, or nothing was begun',
      2: 'something could not be tried, or not be removed',
      [EXIT_CODES.SIGTERM]: 'it was stopped with SIGTERM',
    },
    document: verifyAccountDocument,
  })
    .addOption(
      new Option(
        '--patience <minutes>',
        'how long to wait for what AWS does when it likes: retries, events, a date of last use',
      )
        .argParser(toPatience)
        .default(DEFAULT_PATIENCE, String(DEFAULT_PATIENCE / MINUTE)),
    )
    .option('--yes', 'begin without a question; needed where nobody can answer')
    .option('--only-clean-up', 'remove what earlier runs left, without a question, and end')
    .option('--although-in-use <account id>', 'begin in this account, although it has users or a stack')
    .action(async (options: Options) => {
      const stop = stopOnSignal(tell, (interruption) => process.exit(EXIT_CODES[interruption]));
      try {
        process.exitCode = await verify(options, stop);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        tell(error.message);
        process.exitCode = EXIT_CODES[error.signal];
      } finally {
        stop.release();
      }
    });
}

async function verify(options: Options, stop: Stop): Promise<number> {
  const { patience, yes = false, onlyCleanUp = false } = options;
  const connection = await connect(options);
  const clients = createClients(connection);
  const caller = await whoCalls(clients, connection);
  tell(`Account ${caller.accountId}, region ${caller.region}, as ${caller.arn}.`);

  const leftovers = await findOurs(clients);
  if (onlyCleanUp) return (await removeAll(clients, leftovers, tell)).length === 0 ? 0 : 2;
  requireThrowAway(await lookForUse(clients, caller), caller.accountId, options.althoughInUse);

  const id = randomBytes(3).toString('hex');
  const plan = planOf(ASSUMPTIONS);
  const resources = plan.map((part): Resource => ({ kind: part.kind, name: nameOf(id, part) }));
  announce(resources, leftovers, patience);
  if (!yes && !(await agrees(stop))) {
    tell('Nothing was made, because nobody typed yes. Where nobody can answer, begin with --yes.');
    return 1;
  }

  if ((await removeAll(clients, leftovers, tell)).length > 0)
    throw new Error('What an earlier run left could not be removed, so nothing was begun.');

  const began = new Date().toISOString();
  const account = Account.of({ caller, clients, connection, id, plan, patience, stopping: stop.signal });
  let outcomes: readonly Outcome[];
  try {
    outcomes = await runChecks(ASSUMPTIONS, account, (outcome) => tell(progressLine(outcome)));
  } catch (error) {
    await cleanUp(clients, resources);
    throw error;
  }
  const remaining = await cleanUp(clients, resources);
  const report = { accountId: caller.accountId, region: caller.region, began, outcomes, left: remaining };
  if (options.json === true) printJson(asJson(report), 2);
  else print(asText(report));
  return exitStatus(report);
}

/** A first Ctrl-C does not stop it, a second one does. */
async function cleanUp(clients: Clients, planned: readonly Resource[]): Promise<readonly Resource[]> {
  tell('Everything is being removed.');
  const left = await removeEverything(clients, planned, tell);
  if (left.length > 0) tell(whatIsLeft(left));
  return left;
}

async function whoCalls(clients: Clients, { region }: AwsConnection): Promise<Caller> {
  const { Account: accountId, Arn: arn } = await clients.sts.send(new GetCallerIdentityCommand({}));
  if (accountId === undefined || arn === undefined) throw new Error('AWS STS does not say who calls.');
  return { accountId, arn, region, partition: arn.split(':')[1] ?? 'aws' };
}

function announce(
  resources: readonly Resource[],
  leftovers: readonly Resource[],
  patience: Milliseconds,
): void {
  const byHand = ASSUMPTIONS.filter(({ proof }) => proof.by === 'hand').length;
  tell(
    `${ASSUMPTIONS.length - byHand} assumptions are tried, for up to ${inWords(patience)} each where AWS takes its time; ` +
      `${byHand} cannot be tried by a command.`,
  );
  tell('These are made, and removed again:');
  for (const { kind, name } of resources) tell(`  ${kind} ${name}`);
  if (leftovers.length === 0) return;
  tell(
    'An earlier run left these, which are removed first. If a run is under way elsewhere, they are its own: do not begin.',
  );
  for (const { kind, name } of leftovers) tell(`  ${kind} ${name}`);
}

/** Whether somebody typed yes. Where nobody can answer, the input ends at once. */
async function agrees(stop: Stop): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that asks takes Ctrl-C for itself.
  terminal.on('SIGINT', () => stop.now());
  const ended = once(terminal, 'close').then(() => '');
  try {
    const answer = await Promise.race([
      terminal.question('Begin? Type yes: ', { signal: stop.signal }),
      ended,
    ]);
    return answer.trim().toLowerCase() === 'yes';
  } catch (error) {
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}

function toPatience(text: string): Milliseconds {
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes <= 0 || minutes > 24 * 60)
    throw new InvalidArgumentError('It is a number of minutes, at most 1440.');
  return minutes * MINUTE;
}
