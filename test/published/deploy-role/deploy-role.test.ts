import type { RecordedCall } from '../../../sandbox/front/recorder';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { grantsOf } from '../../support/iam-evaluation/grants';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import {
  ACCOUNT_ID,
  createDeployRole,
  environmentOfDeployRole,
  byDeployPolicies,
  decide,
  DEPLOY_ROLE_ARN,
  PLAN_POLICIES,
  POLICIES,
} from './support/deploy-role';
import { type DeployRequest, deployRequests } from './support/deploy-requests';

/** What the policy allows and the stacks here do not need, each with when it is. */
const NOT_SEEN_HERE: Readonly<Record<string, string>> = {
  'cloudtrail:GetEventSelectors':
    'CloudTrail says that the trail has selectors; the local AWS does not say it',
  'cloudtrail:UpdateTrail': 'the trail gets a customer key, or loses it',
  'ec2:DescribeSecurityGroups': 'functions run in a VPC: Lambda asks in the name of whoever makes them',
  'ec2:DescribeSubnets': 'functions run in a VPC: Lambda asks in the name of whoever makes them',
  'ec2:DescribeVpcs': 'functions run in a VPC: Lambda asks in the name of whoever makes them',
  'Vpc: resource *': 'functions run in a VPC',
  'iam:AddUserToGroup': 'a user is put into a group',
  'iam:DeactivateMFADevice': 'a user goes that has an MFA device',
  'iam:DeleteSSHPublicKey': 'a user goes that has an SSH key',
  'iam:DeleteServiceSpecificCredential': 'a user goes that has a service-specific credential',
  'iam:DeleteSigningCertificate': 'a user goes that has a signing certificate',
  'iam:DeleteVirtualMFADevice': 'a user goes that has a virtual MFA device',
  'iam:DeleteUserPermissionsBoundary': 'a user loses its boundary',
  'iam:PutUserPermissionsBoundary': 'a user gets another boundary',
  'iam:DeleteUserPolicy': 'a user that renews its own key loses the customer key',
  'iam:GetUserPolicy': 'a user renews its own key, and a customer key encrypts its secret',
  'iam:PutUserPolicy': 'a user renews its own key, and a customer key encrypts its secret',
  'iam:RemoveUserFromGroup': 'a user goes that is in a group',
  'UsersInGroups: resource arn:aws:iam::111122223333:group/*': 'a user goes that is in a group',
  's3:ListTagsForResource': 'version 6.23 of the provider, or a newer one',
  's3:TagResource': 'version 6.23 of the provider, or a newer one',
  's3:UntagResource': 'version 6.23 of the provider, or a newer one',
  'iam:DeleteRolePermissionsBoundary': 'the stack loses its boundary',
  'iam:PutRolePermissionsBoundary': 'the stack gets another boundary',
  'iam:UpdateAssumeRolePolicy': 'a new version trusts otherwise',
  'iam:UpdateRole': 'a new version changes a role',
  'iam:UpdateRoleDescription': 'a user is renamed, or a new version words it otherwise',
  'lambda:UpdateFunctionCode': 'a new version has new code',
  'logs:AssociateKmsKey': 'logs get a customer key',
  'logs:DisassociateKmsKey': 'logs lose their customer key',
  's3:DeleteObject': 'a trail goes that has records',
  's3:DeleteObjectVersion': 'a trail goes that has records',
  's3:ListBucketVersions': 'a trail goes that has records',
  'Records: resource arn:aws:s3:::iam-key-rotation-trail-111122223333/*': 'a trail goes that has records',
  'scheduler:UpdateSchedule': 'a new version sweeps at other times',
  'secretsmanager:UpdateSecret': 'a user is renamed, or the stack gets another customer key',
  'sqs:SetQueueAttributes': 'a queue gets another policy',
};

/** The pipeline's role makes, changes and destroys stacks; each test begins where the one before ended. */
describeWithTools('the policies of the role that deploys', () => {
  let aws: LocalAws;
  let stack: AppliedStack;
  let requests: readonly DeployRequest[];
  /** What a plan alone asks for. */
  let planning: readonly DeployRequest[];

  const deployer = aUser('ci-deployer', {
    deliver: [{ kind: 'parameter', name: '/payments/aws-key' }],
    path: '/service/',
    policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    readers: [`arn:aws:iam::${ACCOUNT_ID}:root`],
    owner: 'platform-team',
  });
  const small = {
    secretRecoveryDays: 0,
    tags: { environment: 'production' },
    alerts: { ...aStack([]).alerts, emails: ['oncall@example.com'] },
    auditTrail: { kind: 'create', retentionDays: 400 },
  } as const;

  beforeAll(async () => {
    aws = await startLocalAws({
      authorize: byDeployPolicies(),
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    await createDeployRole(aws);
    stack = new AppliedStack(await environmentOfDeployRole(aws));
    const ofDeployer = ({ principal }: RecordedCall): boolean => principal?.arn === DEPLOY_ROLE_ARN;
    await stack.apply(aStack([deployer, aUser('backup')], small));
    const applied = aws.calls().length;
    await stack.terraform.plan();
    planning = distinct(
      aws
        .calls()
        .slice(applied)
        .filter(ofDeployer)
        .flatMap((call) => deployRequests(call, ACCOUNT_ID)),
    );
    const changed = {
      ...{ ...deployer, path: '/other/', policyArns: [], readers: [], tags: { cost: '42' } },
      replicas: [{ region: 'eu-central-1' }],
    };
    const rescheduled = { ...deployer.schedule, expression: 'cron(0 7 2 * ? *)' };
    await stack.apply(
      aStack(
        [
          { ...changed, schedule: rescheduled, overlapSeconds: 7_200, owner: undefined },
          { ...aUser('backup'), decommission: true },
        ],
        {
          ...small,
          ...{
            protection: false,
            logRetentionDays: 30,
            tags: { stage: 'production' },
            maximumDeletionsPerRun: 5,
          },
        },
      ),
    );
    await stack.terraform.destroy();
    requests = distinct(
      aws
        .calls()
        .filter(ofDeployer)
        .flatMap((call) => deployRequests(call, ACCOUNT_ID)),
    );
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

  it('allows all that Terraform asks for to make, change and destroy a stack', async () => {
    const decisions = await Promise.all(
      requests.map(async (request) => ({ request, decision: await decide(request) })),
    );

    expect(decisions.filter(({ decision }) => decision !== 'Allowed').map(({ request }) => request)).toEqual(
      [],
    );
    expect(requests.length).toBeGreaterThan(100);
  });

  it('allows nothing else, but what is needed where a stack or a user has more', async () => {
    const unused: string[] = [];
    for (const { name, policy } of grantsOf(POLICIES)) {
      const action = / action (.*)$/.exec(name)?.[1];
      const candidates = requests.filter((request) => action === undefined || request.action === action);
      const decisions = await Promise.all(candidates.map((request) => decide(request, [policy])));
      if (!decisions.includes('Allowed')) unused.push(name.replace(/^.* action /, ''));
    }

    // Logs are of two statements.
    expect([...new Set(unused)].sort()).toEqual(Object.keys(NOT_SEEN_HERE).sort());
  });

  it('reads only, as long as it plans, and all of that the role that plans may do', async () => {
    const actions = new Set(planning.map(({ action }) => action));

    expect(actions.size).toBeGreaterThan(20);
    expect([...actions].filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual([]);
    const decisions = await Promise.all(planning.map((request) => decide(request, PLAN_POLICIES)));
    expect([...new Set(decisions)]).toEqual(['Allowed']);
  });

  it('does not let it read a secret, make an access key, or touch what is another’s', async () => {
    const request = (action: string, resource: string): DeployRequest => ({ action, resource, context: {} });
    const secrets = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT_ID}:secret:`;
    const asked = [
      request('secretsmanager:GetSecretValue', `${secrets}iam-key-rotation/ci-deployer-a1B2c3`),
      request('secretsmanager:PutSecretValue', `${secrets}iam-key-rotation/ci-deployer-a1B2c3`),
      request('secretsmanager:DeleteSecret', `${secrets}somebody-elses-a1B2c3`),
      request('iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT_ID}:user/ci-deployer`),
      request('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT_ID}:role/deploy`),
      request('lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${ACCOUNT_ID}:function:somebody-elses`),
    ];

    expect(await Promise.all(asked.map((one) => decide(one)))).toEqual(asked.map(() => 'ImplicitlyDenied'));
  });
});

function distinct(requests: readonly DeployRequest[]): readonly DeployRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}
