import {
  DetachUserPolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import { LEAK_CODES } from '../../../contract/leaks';
import { functionName, respondFunctionName } from '../../../contract/names';
import { otherFunctions } from '../../../modules/leak-response/policies';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { Account } from '../../e2e/stack/support/account';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../../support/iam-evaluation/authorizer';
import { type Attempts, onItem, onKeysOf, onSecret, refusedTo } from '../least-privilege/support/others';
import { Inbox } from '../notifications/support/inbox';

const PREFIX = 'iam-key-rotation';
const RESPONDER = respondFunctionName(PREFIX);
const ROLE = `arn:aws:iam::111122223333:role/${RESPONDER}`;

interface PolicyDocument {
  readonly Statement: readonly { readonly Sid: string }[];
}

/** A stack with every function that there may be: `payments` delivers. */
describeWithTools('R9: the role of the responder', () => {
  let aws: LocalAws;
  let stack: AppliedStack;
  let account: Account;
  let authorizer: Authorizer;
  let inbox: Inbox;

  beforeAll(async () => {
    authorizer = createAuthorizer(() => aws);
    aws = await startLocalAws({
      authorize: authorizer.authorize,
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    account = new Account(aws);
    stack = new AppliedStack(aws.environment);
    await stack.apply(
      aStack(
        [aUser('ci'), aUser('payments', { deliver: [{ kind: 'parameter', name: '/payments/aws-key' }] })],
        { secretRecoveryDays: 0, onLeak: 'replace' },
      ),
    );
    inbox = await Inbox.subscribe(
      aws,
      `arn:aws:sns:${aws.region}:${aws.accountId}:${PREFIX}-alerts`,
      'everything',
    );
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

  const currentKey = async (user = 'ci'): Promise<string> =>
    (await account.storedKey(`${PREFIX}/${user}`)).AccessKeyId;
  const report = (key: string) => ({
    source: 'aws.health',
    detailType: 'AWS Health Event',
    detail: {
      ...{ eventArn: `arn:aws:health:global::event/RISK/one/${key.slice(-8)}`, service: 'RISK' },
      ...{ eventTypeCode: LEAK_CODES[0], startTime: new Date(aws.now().getTime() - 60_000).toUTCString() },
      affectedEntities: [{ entityValue: key }],
    },
  });
  /** What people read of it. */
  const messages = async (): Promise<readonly string[]> => {
    await aws.eventsDelivered();
    return (await inbox.take()).map(({ text }) => text);
  };

  /** As EventBridge invokes it. @returns the name of the error that it ends with; undefined: it has done its work */
  async function respondTo(key: string): Promise<string | undefined> {
    const { source, detailType, detail } = report(key);
    const event = { id: key, source, account: aws.accountId, 'detail-type': detailType, detail };
    const { FunctionError } = await account.lambda.send(
      new InvokeCommand({ FunctionName: RESPONDER, Payload: JSON.stringify(event) }),
    );
    return FunctionError;
  }

  const policy = async (): Promise<PolicyDocument> => {
    const { PolicyDocument: document } = await account.iam.send(
      new GetRolePolicyCommand({ RoleName: RESPONDER, PolicyName: RESPONDER }),
    );
    return JSON.parse(decodeURIComponent(document!)) as PolicyDocument;
  };
  const put = (document: PolicyDocument) =>
    account.iam.send(
      new PutRolePolicyCommand({
        RoleName: RESPONDER,
        PolicyName: RESPONDER,
        PolicyDocument: JSON.stringify(document),
      }),
    );

  it('suffices to have leaked keys replaced, in each user, and to say who used them', async () => {
    for (const user of ['ci', 'payments']) {
      const leaked = await account.storedKey(`${PREFIX}/${user}`);
      await account.whoIs(leaked);
      aws.putServiceEvent('us-east-1', report(leaked.AccessKeyId));
      const [message] = await messages();
      expect(message).toContain('It is Inactive. The new key');
      expect(message).toContain(`GetCallerIdentity by arn:aws:iam::111122223333:user/${user}`);
      expect(await account.keysOf(user)).toContain(`${leaked.AccessKeyId} Inactive`);
    }
  });

  it('suffices for what Lambda does with it when an answer fails', async () => {
    const onFailure = await stack.applied('aws_lambda_function_event_invoke_config.respond');
    const [{ on_failure: failed }] = onFailure['destination_config'] as [
      { on_failure: [{ destination: string }] },
    ];
    expect(await authorizer.allowsAws(ROLE, 'sqs:SendMessage', failed[0].destination)).toBe(true);
  });

  it('was refused nothing, and holds nothing that was not needed', async () => {
    expect(authorizer.refusals()).toEqual([]);
    expect(await authorizer.unusedGrants(ROLE)).toEqual([]);
  });

  it('reaches no key, no value, no record of its own, and no function that rotates nothing', async () => {
    const keysBefore = await account.keysOf('ci');
    const invoke = (name: string): Attempts => ({
      [`invoke ${name}`]: (as) =>
        new LambdaClient(as).send(new InvokeCommand({ FunctionName: name, Payload: '{}' })),
    });
    const detach: Attempts = {
      'take the quarantine off': (as) =>
        new IAMClient(as).send(
          new DetachUserPolicyCommand({
            UserName: 'ci',
            PolicyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3',
          }),
        ),
    };
    const attempts: Attempts = {
      ...onKeysOf('ci', await currentKey()),
      ...onSecret(`${PREFIX}/ci`),
      ...onItem('settings#ci'),
      ...onItem('journal#ci'),
      ...detach,
      ...Object.assign({}, ...otherFunctions(PREFIX).map(invoke)),
    };
    expect(Object.keys(attempts)).toEqual(expect.arrayContaining(['invoke iam-key-rotation-deliver']));
    expect(await refusedTo(aws, ROLE, attempts)).toEqual(Object.keys(attempts));
    expect(await account.keysOf('ci')).toEqual(keysBefore);
    expect(await refusedTo(aws, ROLE, invoke(functionName(PREFIX, 'ci')))).toEqual([]);
  });

  describe('with one right less', () => {
    let whole: PolicyDocument;
    beforeAll(async () => {
      whole = await policy();
    });
    beforeEach(messages);
    afterEach(() => put(whole));
    const without = (sid: string) =>
      put({ ...whole, Statement: whole.Statement.filter(({ Sid }) => Sid !== sid) });

    it('has these rights, each of which is taken away below', () => {
      expect(whole.Statement.map(({ Sid }) => Sid)).toEqual([
        'ReplaceLeakedKeys',
        'FindUsers',
        'WhoUsesKeys',
        'ReportFailure',
        'TellEvents',
        'WriteLog',
      ]);
    });

    it.each(['ReplaceLeakedKeys', 'FindUsers'])(
      '%s, no key is replaced, and the answer fails',
      async (sid) => {
        const leaked = await currentKey();
        await without(sid);
        expect(await respondTo(leaked)).toBe('Unhandled');
        expect(await currentKey()).toBe(leaked);
        expect(await account.keysOf('ci')).toContain(`${leaked} Active`);
      },
    );

    it('TellEvents, the key is replaced, and the answer fails, because nobody was told', async () => {
      const leaked = await currentKey();
      await without('TellEvents');
      expect(await respondTo(leaked)).toBe('Unhandled');
      expect(await messages()).toEqual([]);
      expect(await account.keysOf('ci')).toContain(`${leaked} Inactive`);
    });

    it('WhoUsesKeys, the message does not say who used the key', async () => {
      const leaked = await currentKey();
      await without('WhoUsesKeys');
      expect(await respondTo(leaked)).toBeUndefined();
      expect((await messages())[0]).toContain('Who used the key since then could not be looked up.');
    });

    it('ReportFailure, what could not be answered is lost; WriteLog, nobody can read what was done', async () => {
      const queue = `arn:aws:sqs:eu-west-1:111122223333:${PREFIX}-notify-failed`;
      await without('ReportFailure');
      expect(await authorizer.allowsAws(ROLE, 'sqs:SendMessage', queue)).toBe(false);
      await without('WriteLog');
      const refusedBefore = authorizer.refusals().length;
      expect(await respondTo(await currentKey())).toBeUndefined();
      expect(authorizer.refusals().slice(refusedBefore).join('\n')).toContain('logs:PutLogEvents');
    });

    it('and with all of them again, the key is replaced', async () => {
      const leaked = await currentKey();
      expect(await respondTo(leaked)).toBeUndefined();
      expect(await currentKey()).not.toBe(leaked);
    });
  });
});
