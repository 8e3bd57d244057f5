import { IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListFunctionsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';

import { ASSUMPTIONS } from '../../../cli/verify-account/assumptions';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { RunningCli, runCli } from '../../cli/sync/support/run-cli';
import { startTrail } from '../../further/notifications/support/trail';
import { createAuthorizer } from '../../support/iam-evaluation/authorizer';

const ARGUMENTS = ['verify-account', '--yes', '--json', '--patience', '1'];

interface Printed {
  readonly left: readonly unknown[];
  readonly assumptions: readonly { readonly id: string; readonly verdict: string; readonly seen: string }[];
}

/** Everything in the account that the command may make, by name. */
async function inventory(aws: LocalAws): Promise<readonly string[]> {
  const config = aws.clientConfig();
  const iam = new IAMClient(config);
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const { SecretList = [] } = await new SecretsManagerClient(config).send(new ListSecretsCommand({}));
  const { Functions = [] } = await new LambdaClient(config).send(new ListFunctionsCommand({}));
  const { logGroups = [] } = await new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({}));
  const { Rules = [] } = await new EventBridgeClient(config).send(new ListRulesCommand({}));
  return [
    ...Users.map(({ UserName }) => UserName!),
    ...Roles.map(({ RoleName }) => RoleName!),
    ...SecretList.map(({ Name }) => Name!),
    ...Functions.map(({ FunctionName }) => FunctionName!),
    ...logGroups.map(({ logGroupName }) => logGroupName!),
    ...Rules.map(({ Name }) => Name!),
  ];
}

async function hasBegun(cli: RunningCli): Promise<void> {
  while (!cli.stderr.includes('holds  ')) await new Promise((done) => setTimeout(done, 50));
}

describe('verify-account', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    const authorizer = createAuthorizer(() => aws);
    const { authorize } = authorizer;
    aws = await startLocalAws({ callsReachEventBus: true, authorize });
    await startTrail(aws);
  });
  afterAll(() => aws.stop());

  it('makes nothing where nobody types yes', async () => {
    const { exitCode, stderr } = await runCli(['verify-account'], aws.environment);
    expect({ exitCode, made: await inventory(aws) }).toEqual({ exitCode: 1, made: [] });
    expect(stderr).toContain('Nothing was made');
  });

  it('removes what a killed run left, finds that everything holds, and leaves nothing but what another run makes', async () => {
    const killed = new RunningCli(ARGUMENTS, aws.environment);
    await hasBegun(killed);
    killed.stop('SIGKILL');
    await killed.finished();
    expect((await inventory(aws)).length).toBeGreaterThan(10);

    const running = new RunningCli(ARGUMENTS, aws.environment);
    await hasBegun(running);
    const ofAnotherRun = '/iam-key-rotation-verify/another/witness';
    await new CloudWatchLogsClient(aws.clientConfig()).send(
      new CreateLogGroupCommand({ logGroupName: ofAnotherRun }),
    );

    const { exitCode, stdout, stderr } = await running.finished();
    const { assumptions, left } = JSON.parse(stdout) as Printed;
    const others = assumptions.filter(({ verdict }) => verdict !== 'holds').map(({ id }) => id);
    const byHand = ASSUMPTIONS.filter(({ proof }) => proof.by === 'hand').map(({ id }) => id);
    expect({ exitCode, left, others }).toEqual({ exitCode: 0, left: [], others: byHand });
    expect(stderr).toContain('An earlier run left these');
    expect(await inventory(aws)).toEqual([ofAnotherRun]);
  });
});
