import { randomUUID } from 'node:crypto';

import { DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';

import { MINUTE, SECOND } from '../../contract/instant';
import { TAGS, type Account, type MadeSecret } from './account';
import { inWords, persistently } from './asking';
import { doesNotHold, holds, notTried, type Finding } from './assumption';
import type { Part } from './resources';

/* What reaches a rule of EventBridge, where a trail is logging. */

export const CALL_SECRET: Part = { kind: 'secret', part: 'call-event' };
export const CALL_RULE: Part = { kind: 'rule', part: 'call-event' };
export const ROTATION_SECRET: Part = { kind: 'secret', part: 'rotation-event' };
export const ROTATION_RULE: Part = { kind: 'rule', part: 'rotation-event' };

const NO_TRAIL =
  'No trail with the default selectors is logging in this region. Make one (aws cloudtrail create-trail, start-logging) ' +
  'and start the command again.';

export async function callReachesRule(account: Account): Promise<Finding> {
  if (!(await hasTrail(account))) return notTried(NO_TRAIL);
  const made = await account.makeSecret(CALL_SECRET, 'before');
  await makeRule(account, CALL_RULE, 'AWS API Call via CloudTrail');
  return reaches(account, made, 'PutSecretValue', async () => {
    await account.clients.secrets.send(
      new PutSecretValueCommand({
        ...{ SecretId: made.arn, ClientRequestToken: randomUUID(), SecretString: 'value' },
      }),
    );
  });
}

export async function rotationReachesRule(account: Account): Promise<Finding> {
  if (!(await hasTrail(account))) return notTried(NO_TRAIL);
  const made = await account.makeSecret(ROTATION_SECRET, 'value');
  await makeRule(account, ROTATION_RULE, 'AWS Service Event via CloudTrail');
  return reaches(account, made, 'RotationFailed', async () => {
    const { functionArn } = await account.witness();
    const command = new RotateSecretCommand({
      ...{ SecretId: made.arn, ClientRequestToken: randomUUID(), RotationLambdaARN: functionArn },
      RotationRules: { AutomaticallyAfterDays: 1000 },
    });
    await persistently(() => account.clients.secrets.send(command), /^AccessDenied/, {
      signal: account.signal,
      limit: MINUTE,
    });
  });
}

/** Selectors of its own may leave out what is looked for, so that such a trail proves nothing. */
async function hasTrail({ clients: { trails }, caller: { region } }: Account): Promise<boolean> {
  const { trailList = [] } = await trails.send(new DescribeTrailsCommand({}));
  for (const { TrailARN, HomeRegion, IsMultiRegionTrail, HasCustomEventSelectors } of trailList) {
    if (HasCustomEventSelectors === true || (HomeRegion !== region && IsMultiRegionTrail !== true)) continue;
    const { IsLogging } = await trails.send(new GetTrailStatusCommand({ Name: TrailARN }));
    if (IsLogging === true) return true;
  }
  return false;
}

async function makeRule(account: Account, rule: Part, detailType: string): Promise<void> {
  const { functionArn } = await account.witness();
  const Name = account.nameOf(rule);
  const EventPattern = JSON.stringify({ source: ['aws.secretsmanager'], 'detail-type': [detailType] });
  await account.clients.events.send(new PutRuleCommand({ Name, EventPattern, Tags: TAGS }));
  await account.clients.events.send(
    new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'witness', Arn: functionArn }] }),
  );
  // A rule that is new takes effect a little later.
  await account.pause(Math.min(account.patience / 10, MINUTE));
}

async function reaches(
  account: Account,
  made: MadeSecret,
  wanted: string,
  act: () => Promise<void>,
): Promise<Finding> {
  const witness = await account.witness();
  await act();
  const reached = await account.until(
    async () => (await witness.eventsOf(made)).find(({ name }) => name === wanted),
    account.patience,
    Math.min(account.patience / 10, 10 * SECOND),
  );
  return reached
    ? holds(`The event ${wanted} came after ${inWords(reached.after)}.`)
    : doesNotHold(`No such event came within ${inWords(account.patience)}, although a trail is logging.`);
}
