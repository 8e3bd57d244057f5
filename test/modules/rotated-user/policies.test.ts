import { runSimulation } from '@cloud-copilot/iam-simulate';

import { awsPlace, iamUserArn } from '../../../modules/aws/aws-place';
import type { PolicyStatement } from '../../../modules/aws/policy-document';
import {
  decryptSecret,
  listedUsers,
  oneUser,
  rotationStatements,
  taggedUsers,
} from '../../../modules/rotated-user/policies';
import { evaluate } from '../../support/iam-evaluation/evaluate';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const ROLE = 'arn:aws:iam::111122223333:role/iam-key-rotation-ci-deployer';
const userArn = iamUserArn(place, '/service/', 'ci-deployer');
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf';
const otherSecretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/other-AbCdEf';
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const ofOneUser = rotationStatements({
  place,
  users: [oneUser(userArn)],
  secretArn,
  tableArn,
  stableKey: 'ci-deployer',
  kmsKeyArn: undefined,
});

/** The policy of a customer key that leaves it to the account's own policies who may use it. */
const LEFT_TO_IAM = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};

/** What IAM would say of the role's call. */
async function may(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  contextVariables: Record<string, string | string[]> = {},
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: ROLE,
        action,
        resource: { resource, accountId: '111122223333' },
        contextVariables,
      },
      identityPolicies: [{ name: 'own', policy: { Version: '2012-10-17', Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(JSON.stringify(result.errors));
  }
  return result.overallResult === 'Allowed';
}

describe('R9: the role of a per-user function', () => {
  it.each(['Create', 'Delete', 'Update'])('may %s access keys of its user alone', async (verb) => {
    const action = `iam:${verb}AccessKey`;

    expect(await may(ofOneUser, action, userArn)).toBe(true);
    expect(await may(ofOneUser, action, iamUserArn(place, '/service/', 'ci-deployer-2'))).toBe(false);
    expect(await may(ofOneUser, action, iamUserArn(place, '/', 'ci-deployer'))).toBe(false);
  });

  it.each(['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'])(
    'may call %s for its user alone',
    async (action) => {
      expect(await may(ofOneUser, action, userArn)).toBe(true);
      expect(await may(ofOneUser, action, iamUserArn(place, '/service/', 'other'))).toBe(false);
    },
  );

  it.each(['iam:DeleteUser', 'iam:AttachUserPolicy', 'iam:CreateLoginProfile', 'iam:UpdateUser'])(
    'may not call %s, not even for its user',
    async (action) => {
      expect(await may(ofOneUser, action, userArn)).toBe(false);
    },
  );

  it.each(['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])(
    'may %s of its secret alone',
    async (call) => {
      expect(await may(ofOneUser, `secretsmanager:${call}`, secretArn)).toBe(true);
      expect(await may(ofOneUser, `secretsmanager:${call}`, otherSecretArn)).toBe(false);
    },
  );

  it.each(['DeleteSecret', 'PutResourcePolicy', 'RotateSecret'])('may not %s', async (call) => {
    expect(await may(ofOneUser, `secretsmanager:${call}`, secretArn)).toBe(false);
  });

  const record = (key: string): Record<string, string[]> => ({ 'dynamodb:LeadingKeys': [key] });

  it('may read its settings and its journal alone', async () => {
    expect(await may(ofOneUser, 'dynamodb:GetItem', tableArn, record('settings#ci-deployer'))).toBe(true);
    expect(await may(ofOneUser, 'dynamodb:GetItem', tableArn, record('journal#ci-deployer'))).toBe(true);
    expect(await may(ofOneUser, 'dynamodb:GetItem', tableArn, record('settings#other'))).toBe(false);
    expect(await may(ofOneUser, 'dynamodb:GetItem', tableArn, record('journal#ci-deployer-2'))).toBe(false);
  });

  it('may write its journal alone, and never its settings', async () => {
    expect(await may(ofOneUser, 'dynamodb:UpdateItem', tableArn, record('journal#ci-deployer'))).toBe(true);
    expect(await may(ofOneUser, 'dynamodb:UpdateItem', tableArn, record('settings#ci-deployer'))).toBe(false);
    expect(await may(ofOneUser, 'dynamodb:UpdateItem', tableArn, record('journal#other'))).toBe(false);
  });

  it('may tell events of its own source on the default bus alone', async () => {
    const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
    const of = (source: string): Record<string, string[]> => ({ 'events:source': [source] });

    expect(await may(ofOneUser, 'events:PutEvents', bus, of('iam-key-rotation'))).toBe(true);
    expect(await may(ofOneUser, 'events:PutEvents', bus, of('aws.iam'))).toBe(false);
    expect(
      await may(ofOneUser, 'events:PutEvents', bus.replace('default', 'orders'), of('iam-key-rotation')),
    ).toBe(false);
  });

  it.each(['Scan', 'Query', 'DeleteItem', 'PutItem', 'BatchGetItem'])(
    'may not %s the table',
    async (call) => {
      const context = record('journal#ci-deployer');
      expect(await may(ofOneUser, `dynamodb:${call}`, tableArn, context)).toBe(false);
    },
  );

  it('touches no key of KMS where AWS manages the key', () => {
    expect(JSON.stringify(ofOneUser)).not.toContain('kms');
  });

  it('may use the customer key for its secret, through Secrets Manager in its region', () => {
    const withKey = rotationStatements({
      place,
      users: [oneUser(userArn)],
      secretArn,
      tableArn,
      stableKey: 'ci-deployer',
      kmsKeyArn,
    });

    // As a value: the simulator knows no `kms:EncryptionContext:…`.
    expect(withKey.filter(({ Sid }) => Sid === 'EncryptSecret')).toEqual([
      {
        Sid: 'EncryptSecret',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: kmsKeyArn,
        Condition: {
          StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
          StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
        },
      },
    ]);
  });
});

describe('the role of a shared function', () => {
  const pool = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:pool/*';
  const tag = { key: 'iam-key-rotation:stack', value: 'pooled' };
  const shared = rotationStatements({
    place,
    users: [listedUsers([userArn]), taggedUsers([iamUserArn(place, '/team/', '*')], tag)],
    secretArn: pool,
    tableArn,
    stableKey: '*',
    kmsKeyArn,
  });
  const tagged = (value: string): Record<string, string> => ({
    'aws:ResourceTag/iam-key-rotation:stack': value,
  });

  it('may work on listed users whatever their tags', async () => {
    expect(await may(shared, 'iam:CreateAccessKey', userArn)).toBe(true);
  });

  it('may work on users of a path with the tag of the stack alone', async () => {
    const inTeam = iamUserArn(place, '/team/', 'somebody');

    expect(await may(shared, 'iam:CreateAccessKey', inTeam, tagged('pooled'))).toBe(true);
    expect(await may(shared, 'iam:CreateAccessKey', inTeam, tagged('other'))).toBe(false);
    expect(await may(shared, 'iam:CreateAccessKey', inTeam)).toBe(false);
    expect(await may(shared, 'iam:CreateAccessKey', iamUserArn(place, '/', 'x'), tagged('pooled'))).toBe(
      false,
    );
  });

  it('may read the secrets of the stack alone', async () => {
    const secret = (name: string): string =>
      `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

    expect(await may(shared, 'secretsmanager:GetSecretValue', secret('pool/anybody'))).toBe(true);
    expect(await may(shared, 'secretsmanager:GetSecretValue', secret('pools/anybody'))).toBe(false);
  });

  it('may write journals alone', async () => {
    const key = (value: string): Record<string, string[]> => ({ 'dynamodb:LeadingKeys': [value] });

    expect(await may(shared, 'dynamodb:UpdateItem', tableArn, key('journal#anybody'))).toBe(true);
    expect(await may(shared, 'dynamodb:UpdateItem', tableArn, key('settings#anybody'))).toBe(false);
  });
});

describe('a user that may read its own secret', () => {
  it('may decrypt what the customer key encrypts for its secret alone, through Secrets Manager', async () => {
    const document = { Version: '2012-10-17', Statement: [decryptSecret(kmsKeyArn, secretArn, place)] };
    const viaService = { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' };
    const decrypting = (action: string, context: Record<string, string>): Promise<string> =>
      evaluate(
        { principal: userArn, action, resource: kmsKeyArn, accountId: '111122223333', context },
        { identity: [{ name: 'own', document }], resource: LEFT_TO_IAM },
      );
    const context = { ...viaService, 'kms:EncryptionContext:SecretARN': secretArn };

    expect(await decrypting('kms:Decrypt', context)).toBe('Allowed');
    expect(await decrypting('kms:GenerateDataKey', context)).toBe('ImplicitlyDenied');
    expect(await decrypting('kms:Decrypt', { 'kms:EncryptionContext:SecretARN': secretArn })).toBe(
      'ImplicitlyDenied',
    );
    expect(
      await decrypting('kms:Decrypt', { ...viaService, 'kms:EncryptionContext:SecretARN': otherSecretArn }),
    ).toBe('ImplicitlyDenied');
  });
});
