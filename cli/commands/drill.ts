import { Argument, Command } from 'commander';

import { SECOND, type Milliseconds } from '../../contract/instant';
import { respondFunctionName } from '../../contract/names';
import { type JsonOption, withJson } from '../aws-options';
import { askToType } from '../ask-to-type';
import { drillDocument, type DrillDocument } from '../drill/drill-document';
import { followDrill } from '../drill/follow-drill';
import { planDrill, type DrillPlan } from '../drill/plan-drill';
import { putDrill } from '../drill/put-drill';
import { requireDrillUser } from '../drill/require-drill-user';
import { describeCommand } from '../help';
import { mayBeInterrupted } from '../interruption';
import { IAM_USERS, PLAY_LEAK, READ_JOURNALS, READ_USERS, SECRETS } from '../policy/permission';
import { print, printJson, tell } from '../print';
import { openStack, requireUser, usersOf, type Stack } from '../stack';
import { waitOption } from '../wait-option';
import { type UserOptions, withUserOptions } from './user-options';

interface Options extends UserOptions, JsonOption {
  readonly wait: Milliseconds;
  readonly yes?: boolean;
}

const HOW_IT_GOES_ON =
  'The drill has begun, and goes on without this command: see it with `npx iam-key-rotation status`.';

const NOT_FINISHED = 2;

/** `drill leak`: plays a leak of the user for drills. */
export function newCommand(): Command {
  return describeCommand(withJson(withUserOptions(new Command('drill'))), {
    summary: 'play a leak of the user for drills',
    description:
      'Play a leak of the current key of the user for drills (leakDrill), and follow it: until the key is Inactive, until another ' +
      'key is current, and until it is delivered. An event is put where AWS Health puts its own, and everything after it is real: ' +
      'the key is replaced, and people get the messages, which say that it is a drill. This command changes nothing else by itself.',
    examples: [
      { title: 'Play a leak, after a question', text: 'iam-key-rotation drill leak --user leak-drills' },
      {
        title: 'The same in a pipeline, once a month',
        text: 'iam-key-rotation drill leak --user leak-drills --yes --json',
      },
    ],
    exitCodes: {
      0: 'everything was seen that a leak brings; with --wait 0, the drill has begun',
      1: 'nothing was begun, or AWS did not say whether it was; stderr says which, and why',
      [NOT_FINISHED]:
        'the drill has begun, and its end was not seen in time; stderr says what is missing and where to look',
      130: 'it was stopped with Ctrl-C; a drill that has begun goes on',
    },
    document: drillDocument,
    permissions: [
      READ_USERS,
      READ_JOURNALS,
      { sid: 'LookAtSecrets', actions: ['secretsmanager:DescribeSecret'], resources: [SECRETS] },
      { sid: 'LookAtUserKeys', actions: ['iam:ListAccessKeys'], resources: [IAM_USERS] },
      {
        sid: 'LookAtResponder',
        actions: ['lambda:GetFunctionConfiguration'],
        resources: [`arn:{partition}:lambda:{region}:{account}:function:${respondFunctionName('{prefix}')}`],
      },
      PLAY_LEAK,
    ],
  })
    .addArgument(new Argument('<what>', 'what is played').choices(['leak']))
    .addOption(waitOption())
    .option('--yes', 'begin without a question; needed where nobody can answer')
    .action(async (_what: string, { user, yes = false, wait, json = false, ...options }: Options) => {
      const stack = await openStack(options);
      const entry = requireUser(await usersOf(stack), user, stack);
      await requireDrillUser(stack, user);
      const plan = await planDrill(stack, entry);
      announce(stack, user, plan);
      if (!yes && !(await askToType(user, `Begin? Type the name of the user (${user}): `))) {
        tell(`Nothing was begun, because nobody typed ${user}. Where nobody can answer, begin with --yes.`);
        process.exitCode = 1;
        return;
      }
      const document = await mayBeInterrupted(HOW_IT_GOES_ON, () => play(stack, plan, wait));
      if (json) printJson(document, 2);
      else for (const line of linesOf(document)) print(line);
      if (document.outcome === 'done' || wait === 0) return;
      tell(document.why ?? '');
      process.exitCode = NOT_FINISHED;
    });
}

function announce({ prefix, region }: Stack, user: string, { steps }: DrillPlan): void {
  tell(`A leak is played for ${user} of stack ${prefix} in ${region}:`);
  for (const step of steps) tell(`  ${step}`);
}

async function play(stack: Stack, plan: DrillPlan, wait: Milliseconds): Promise<DrillDocument> {
  const onStep = (what: string, after: Milliseconds): void =>
    tell(`${`${(after / SECOND).toFixed(1)} s`.padStart(8)}  ${what}`);
  const begun = await putDrill(stack, plan);
  onStep(`the leak is reported in ${begun.eventRegion}, as event ${begun.eventId}`, 0);
  return followDrill(stack, plan, begun, { wait, onStep });
}

function linesOf({ user, outcome, leakedKeyId, currentKeyId, seconds }: DrillDocument): readonly string[] {
  const after = (time: number | undefined): string =>
    time === undefined ? 'not seen' : `after ${time.toFixed(1)} s`;
  const { untilInactive, untilCurrent, untilDelivered } = seconds;
  const delivered = untilDelivered === undefined ? [] : [`  delivered  ${after(untilDelivered)}`];
  return [
    `${user}: ${outcome === 'done' ? 'the leak was answered.' : 'the drill is not finished.'}`,
    `  Inactive   ${after(untilInactive)}: ${leakedKeyId}`,
    `  current    ${after(untilCurrent)}${currentKeyId === undefined ? '' : `: ${currentKeyId}`}`,
    ...delivered,
  ];
}
