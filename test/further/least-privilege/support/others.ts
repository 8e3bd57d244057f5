import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

import type { FunctionLayout } from '../../../../modules/config/configuration';
import type { ClientConfig, LocalAws } from '../../../../sandbox/local-aws';
import { evaluate } from '../../../support/iam-evaluation/evaluate';
import { ACCOUNT_ID, type GovernedStack, PREFIX, ROLE_PATH } from './governed-stack';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const MAILER = 'legacy.mailer@example';

type Attempt = (as: ClientConfig) => Promise<unknown>;
export type Attempts = Readonly<Record<string, Attempt>>;

export const onKeysOf = (UserName: string, AccessKeyId: string): Attempts => ({
  'list the keys': (as) => new IAMClient(as).send(new ListAccessKeysCommand({ UserName })),
  'make a key': (as) => new IAMClient(as).send(new CreateAccessKeyCommand({ UserName })),
  'deactivate a key': (as) =>
    new IAMClient(as).send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' })),
  'delete a key': (as) => new IAMClient(as).send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
  'see when a key was used': (as) => new IAMClient(as).send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
});

export const onSecret = (SecretId: string): Attempts => ({
  'describe the secret': (as) => new SecretsManagerClient(as).send(new DescribeSecretCommand({ SecretId })),
  'read the secret': (as) => new SecretsManagerClient(as).send(new GetSecretValueCommand({ SecretId })),
  'write the secret': (as) =>
    new SecretsManagerClient(as).send(new PutSecretValueCommand({ SecretId, SecretString: 'mine' })),
  'move a label': (as) =>
    new SecretsManagerClient(as).send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: TOKEN }),
    ),
  'rotate the secret': (as) => new SecretsManagerClient(as).send(new RotateSecretCommand({ SecretId })),
});

export const onItem = (item: string): Attempts => {
  const where = { TableName: PREFIX, Key: { pk: { S: item } } };
  return {
    [`read ${item}`]: (as) => new DynamoDBClient(as).send(new GetItemCommand(where)),
    [`update ${item}`]: (as) =>
      new DynamoDBClient(as).send(
        new UpdateItemCommand({ ...where, UpdateExpression: 'REMOVE leaseHolder' }),
      ),
    [`replace ${item}`]: (as) =>
      new DynamoDBClient(as).send(new PutItemCommand({ TableName: PREFIX, Item: where.Key })),
    [`delete ${item}`]: (as) => new DynamoDBClient(as).send(new DeleteItemCommand(where)),
  };
};

const readAll: Attempts = {
  'read the whole table': (as) => new DynamoDBClient(as).send(new ScanCommand({ TableName: PREFIX })),
};

const without = (attempts: Attempts, ...names: readonly string[]): Attempts =>
  Object.fromEntries(Object.entries(attempts).filter(([name]) => !names.includes(name)));

/** What somebody with the credentials of a function's role may not do of all these. */
export async function refusedTo(
  aws: LocalAws,
  RoleArn: string,
  attempts: Attempts,
): Promise<readonly string[]> {
  const { Credentials } = await new STSClient(aws.clientConfig()).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'intruder' }),
  );
  const as = aws.clientConfig({
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  });
  const names = Object.entries(attempts).map(async ([name, attempt]) => {
    try {
      await attempt(as);
      return [];
    } catch (error) {
      if (error instanceof Error && error.name.startsWith('AccessDenied')) return [name];
      throw error;
    }
  });
  return (await Promise.all(names)).flat();
}

/** Who a stack is not about: a user and a secret beside it. */
const STRANGER = {
  userName: 'stranger',
  secretName: `${PREFIX}/stranger`,
  foreignName: 'somebody-elses/secret',
};

interface ServiceOfRole {
  readonly role: string;
  readonly service: string;
  /** What the service says of whom it acts for. */
  readonly context: Readonly<Record<string, string>>;
}

export function keepOutOfReachWhatIsSomebodyElses(
  functions: FunctionLayout,
  stage: () => GovernedStack,
): void {
  describe('what is somebody else’s', () => {
    let governed: GovernedStack;
    let keyOf: Readonly<Record<string, string>>;
    let secretOf: Readonly<Record<string, string>>;

    beforeAll(async () => {
      governed = stage();
      await governed.account.createUser(STRANGER.userName, '/');
      const stranger = await governed.account.createKey(STRANGER.userName);
      for (const Name of [STRANGER.secretName, STRANGER.foreignName]) {
        await governed.account.secrets.send(new CreateSecretCommand({ Name, SecretString: 'theirs' }));
      }
      const storedKey = async (key: string): Promise<string> =>
        (await governed.account.storedKey(`${PREFIX}/${key}`)).AccessKeyId;
      keyOf = {
        deployer: await storedKey('deployer'),
        mailer: await storedKey('mailer'),
        stranger: stranger.AccessKeyId,
      };
      secretOf = {
        deployer: await governed.secretArn(`${PREFIX}/deployer`),
        mailer: await governed.secretArn(`${PREFIX}/mailer`),
        stranger: await governed.secretArn(STRANGER.secretName),
        foreign: await governed.secretArn(STRANGER.foreignName),
      };
    });

    const refused = (role: string, attempts: Attempts): Promise<readonly string[]> =>
      refusedTo(governed.aws, `arn:aws:iam::${ACCOUNT_ID}:role${ROLE_PATH}${PREFIX}-${role}`, attempts);

    /** What nobody but its owner may have changed. */
    const everything = async (): Promise<unknown> => ({
      keys: await Promise.all(
        ['deployer', MAILER, STRANGER.userName].map((user) => governed.account.keysOf(user)),
      ),
      secrets: await Promise.all(
        Object.values(secretOf).map((SecretId) =>
          governed.account.secrets.send(new DescribeSecretCommand({ SecretId })),
        ),
      ).then((secrets) => secrets.map(({ VersionIdsToStages }) => VersionIdsToStages)),
    });

    const rotationFunction = functions === 'shared' ? 'rotate' : 'deployer';

    it('is out of reach for the role of the retirement function, and so are new keys, values and settings', async () => {
      const before = await everything();
      const attempts: Readonly<Record<string, Attempts>> = {
        stranger: { ...onKeysOf(STRANGER.userName, keyOf['stranger']!), ...onSecret(secretOf['foreign']!) },
        deployer: {
          'make a key': onKeysOf('deployer', '')['make a key']!,
          ...without(onSecret(secretOf['deployer']!), 'describe the secret', 'rotate the secret'),
        },
        items: {
          ...onItem('settings#deployer'),
          ...without(onItem('journal#deployer'), 'read journal#deployer', 'update journal#deployer'),
        },
      };

      for (const some of Object.values(attempts)) {
        expect(await refused('retire', some)).toEqual(Object.keys(some));
      }
      expect(await everything()).toEqual(before);
    });

    it('is out of reach for the role of a rotation function', async () => {
      const before = await everything();
      const beyondAnyRotation = {
        ...onKeysOf(STRANGER.userName, keyOf['stranger']!),
        ...onSecret(secretOf['foreign']!),
        ...without(onItem('settings#deployer'), 'read settings#deployer'),
        ...without(onItem('journal#deployer'), 'read journal#deployer', 'update journal#deployer'),
        ...onItem('sweep'),
        ...readAll,
      };
      const ofAnotherUser = {
        ...onKeysOf(MAILER, keyOf['mailer']!),
        ...onSecret(secretOf['mailer']!),
        ...onItem('journal#mailer'),
        ...onItem('settings#mailer'),
      };

      expect(await refused(rotationFunction, beyondAnyRotation)).toEqual(Object.keys(beyondAnyRotation));
      if (functions === 'per-user') {
        expect(await refused(rotationFunction, ofAnotherUser)).toEqual(Object.keys(ofAnotherUser));
      }
      expect(await everything()).toEqual(before);
    });

    it.each([...STEPS, 'firstKey', 'guardRemoval'])(
      'is refused by a rotation function itself, whatever its role may do: %s',
      async (Step) => {
        const before = await everything();
        const event = {
          Step,
          ClientRequestToken: TOKEN,
          UserId: 'AIDAEXAMPLE',
          Announced: false,
          tf: { action: 'delete' },
        };
        const calls = governed.aws.calls().length;
        // Of the same prefix, so that only the settings tell; of another; and of a secret that is there no more.
        const others = [
          functions === 'shared' ? secretOf['stranger']! : secretOf['mailer']!,
          secretOf['foreign']!,
          secretOf['deployer']!.replace(/.{6}$/, 'aaaaaa'),
        ];

        const answers = [];
        for (const SecretId of others) {
          answers.push(await governed.invoke(`${PREFIX}-${rotationFunction}`, { ...event, SecretId }));
        }

        for (const answer of answers) {
          expect(answer).toMatch(
            /does not rotate secret|holds no settings of stranger|belong to secret|may be removed|was not announced/,
          );
        }
        const made = governed.aws
          .calls()
          .slice(calls)
          .filter(({ principal }) => principal?.type === 'role')
          // That the step failed is told: on the event bus, and by the notification function to people.
          .filter(({ service }) => service !== 'events')
          .filter(({ principal }) => principal?.arn.endsWith(`/${PREFIX}-notify`) !== true);
        expect(made.filter(({ service, action }) => service !== 'dynamodb' || action !== 'GetItem')).toEqual(
          [],
        );
        expect(await everything()).toEqual(before);
      },
    );

    it('is not handed over where Terraform names another user than the settings do', async () => {
      const event = { Step: 'firstKey', SecretId: secretOf['deployer']!, UserId: 'AIDAEXAMPLE' };

      expect(await governed.invoke(`${PREFIX}-${rotationFunction}`, event)).toContain(
        'Terraform asks for the first key of IAM user id AIDAEXAMPLE; the settings say',
      );
    });

    it('cannot be rotated with a function that is not its own', async () => {
      if (functions === 'shared') return; // Its own is everybody's; whose secret it may touch, the function decides.
      const rotating = governed.account.secrets.send(
        new RotateSecretCommand({
          SecretId: secretOf['mailer']!,
          RotationLambdaARN: `arn:aws:lambda:eu-west-1:${ACCOUNT_ID}:function:${PREFIX}-deployer`,
          RotationRules: { AutomaticallyAfterDays: 30 },
        }),
      );

      await expect(rotating).rejects.toThrow('Secrets Manager cannot invoke the specified Lambda function');
    });

    it('cannot be had by making Secrets Manager, or anybody else, invoke a function', async () => {
      const decide = async (name: string, principal: string, context: Readonly<Record<string, string>>) =>
        evaluate(
          {
            ...{ principal, action: 'lambda:InvokeFunction', accountId: ACCOUNT_ID, context },
            resource: `arn:aws:lambda:eu-west-1:${ACCOUNT_ID}:function:${PREFIX}-${name}`,
          },
          { identity: ANYTHING, resource: await governed.policyOfFunction(`${PREFIX}-${name}`) },
        );
      const forSecret = (arn: string, account = ACCOUNT_ID) => ({
        'aws:SourceArn': arn,
        'aws:SourceAccount': account,
      });
      const elsewhere = secretOf['deployer']!.replace(ACCOUNT_ID, '999999999999');
      const service = 'secretsmanager.amazonaws.com';

      expect(await decide(rotationFunction, service, forSecret(secretOf['deployer']!))).toBe('Allowed');
      expect(await decide(rotationFunction, service, forSecret(elsewhere, '999999999999'))).not.toBe(
        'Allowed',
      );
      expect(await decide(rotationFunction, service, {})).not.toBe('Allowed');
      expect(await decide(rotationFunction, 's3.amazonaws.com', forSecret(secretOf['deployer']!))).not.toBe(
        'Allowed',
      );
      expect(await decide(rotationFunction, 'arn:aws:iam::999999999999:role/admin', {})).not.toBe('Allowed');
      if (functions === 'per-user') {
        expect(await decide(rotationFunction, service, forSecret(secretOf['mailer']!))).not.toBe('Allowed');
      }
      expect(await governed.policyOfFunction(`${PREFIX}-retire`)).toBeUndefined();
    });

    const serviceOfRoles: readonly ServiceOfRole[] = [
      { role: rotationFunction, service: 'lambda.amazonaws.com', context: {} },
      { role: 'retire', service: 'lambda.amazonaws.com', context: {} },
      {
        role: 'retire-schedule',
        service: 'scheduler.amazonaws.com',
        context: {
          'aws:SourceAccount': ACCOUNT_ID,
          'aws:SourceArn': `arn:aws:scheduler:eu-west-1:${ACCOUNT_ID}:schedule-group/default`,
        },
      },
    ];
    it.each(serviceOfRoles)(
      'cannot be had by taking on the role $role, which is for $service alone',
      async ({ role, service, context }) => {
        const trust = await governed.trustOfRole(`${PREFIX}-${role}`);
        const decide = (principal: string, given: Readonly<Record<string, string>>) =>
          evaluate(
            {
              ...{ principal, action: 'sts:AssumeRole', accountId: ACCOUNT_ID, context: given },
              resource: `arn:aws:iam::${ACCOUNT_ID}:role${ROLE_PATH}${PREFIX}-${role}`,
            },
            { identity: principal.startsWith('arn:') ? ANYTHING : [], resource: trust },
          );

        expect(await decide(service, context)).toBe('Allowed');
        for (const other of [
          'ec2.amazonaws.com',
          'secretsmanager.amazonaws.com',
          'edgelambda.amazonaws.com',
        ]) {
          expect(await decide(other, context)).not.toBe('Allowed');
        }
        for (const account of [ACCOUNT_ID, '999999999999']) {
          expect(await decide(`arn:aws:iam::${account}:role/admin`, context)).not.toBe('Allowed');
        }
        // Lambda takes on a role only for a function of the role's own account: iam:PassRole does not cross accounts.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        if (role === 'retire-schedule') {
          const elsewhere = Object.fromEntries(
            Object.entries(context).map(([key, value]) => [key, value.replace(ACCOUNT_ID, '999999999999')]),
          );
          expect(await decide(service, elsewhere)).not.toBe('Allowed');
          expect(await decide(service, {})).not.toBe('Allowed');
        }
      },
    );
  });
}

/** Somebody whom the policies of the own account stop nowhere. */
const ANYTHING = [
  {
    name: 'anything',
    document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  },
];
