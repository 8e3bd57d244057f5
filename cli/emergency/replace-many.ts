import { randomUUID } from 'node:crypto';

import { createRequestHandler as newRequestHandler } from '../../client/request-handler';
import { createEmergencyStore, createLifecycle } from '../../handlers/aws/clients';
import type { Log } from '../../handlers/core/model/ports';
import { NO_METRICS } from '../../handlers/core/telemetry/no-metrics';
import { mayBeInterrupted } from '../interruption';
import { onTerminal } from '../on-terminal';
import { tell } from '../print';
import { withProgress } from '../progress';
import { type Stack, usersOf } from '../stack';
import { terminalLog } from '../terminal-log';
import { type Choice, chosenOf, describeChoice, whoseOf } from './choice';
import { type Agreement, confirm } from './confirm';
import type { EmergencyDocument } from './emergency-document';
import { nothingLeft, planText } from './emergency-text';
import { type EmergencyPorts, hasWork, planEmergency, plannedNumber } from './plan';
import { beginEmergency, replaceAll } from './replace-all';

/** What somebody asks for. */
export interface ManyRequest extends Agreement {
  readonly choice: Choice;
  readonly anew: boolean;
  /** How many users are worked on at once. */
  readonly atATime: number;
}

/**
 * The emergency of many users: shows the plan, has somebody agree to it, and replaces their keys.
 *
 * @param howToGoOn is told to whom stops it
 * @throws Error before anything is changed, where nobody agrees
 */
export async function replaceMany(
  stack: Stack,
  { choice, anew, atATime, ...agreement }: ManyRequest,
  howToGoOn: string,
): Promise<EmergencyDocument> {
  const ports = portsOf(stack);
  const entries = chosenOf(await usersOf(stack), choice, stack);
  const whose = whoseOf(choice);
  const plan = await withProgress('Users looked at', (progress) =>
    planEmergency(ports, {
      ...{ whose, entries, anew },
      onLook: (done) => progress.at(done, entries.length),
    }),
  );
  for (const line of planText(plan, describeChoice(choice))) tell(line);
  const ask = (question: string): Promise<string> =>
    onTerminal('Nothing was changed.', (put) => put(question));
  await confirm(plan, agreement, process.stdin.isTTY ? ask : undefined);
  if (!hasWork(plan) && plan.kind === 'goesOn') tell(nothingLeft(plan.since));
  const planned = plannedNumber(plan);
  const results = await mayBeInterrupted(howToGoOn, async () => {
    if (hasWork(plan)) await beginEmergency(ports, plan);
    const left = plan.users.filter(({ state }) => state === 'toReplace').length;
    return withProgress('Users replaced', (progress) =>
      replaceAll(ports, plan, { atATime, onDone: (done) => progress.at(done, left) }),
    );
  });
  return {
    ...{ version: 1, stack: stack.prefix, region: stack.region },
    ...{ since: new Date(plan.since).toISOString(), planned, users: [...results] },
  };
}

function portsOf({ ports, prefix, connection, clock }: Stack): EmergencyPorts {
  const options = { newRequestHandler, connection };
  return {
    ...ports,
    emergencies: createEmergencyStore(prefix, { ...options, systemClockOffset: clock.offset }),
    newHolder: randomUUID,
    log: QUIET,
    lifecycle: createLifecycle(prefix, options)(terminalLog),
    metrics: NO_METRICS,
  };
}

/** Of many users at once, nobody reads each step; what fails is in the report. */
const QUIET: Log = { info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // Nothing is said.
}
